"""The health page names what is wrong and what to do; machines are told yes or no; on both databases."""

import datetime as dt

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.db import session
from app.engines.audit.models import AuditEntry
from app.engines.notifications.models import OutboxMessage
from app.engines.people.models import Employee
from app.engines.sweeps import operations as sweeps
from app.engines.sweeps.models import FAILED, SweepRun
from app.screens import health_checks
from tests.both import company
from tests.portal import enter, row_id

__all__ = ["company"]


def text(answer):
    return answer.get_data(as_text=True)


def found(company, look):
    with company.test_request_context(headers={"Accept-Language": "en"}):
        return [(check.tone, check.found, check.todo) for check in look()]


@pytest.fixture(autouse=True)
def jobs(company):
    with company.app_context():
        sweeps.sync()
        session.commit()


@pytest.mark.parametrize(("name", "status"), [("root", 200), ("sys", 200), ("bob", 403), ("amy", 403)])
def test_who_sees_it(company, name, status):
    assert enter(company, name).get("/health/").status_code == status


def test_machines_are_told_yes_or_no_without_signing_in(company, monkeypatch):
    answer = company.test_client().get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})
    monkeypatch.setattr(health_checks.session, "scalar", lambda *_given: (_ for _ in ()).throw(
        sa.exc.OperationalError("SELECT 1", {}, Exception("gone"))))  # fmt: skip
    answer = company.test_client().get("/healthz")
    assert (answer.status_code, answer.json) == (503, {"status": "unavailable"})


def test_tables_of_another_program_are_told(company):
    assert [tone for tone, *_rest in found(company, health_checks._migrations)] == ["late"]  # made without migrations
    page = text(enter(company, "root").get("/health/", headers={"Accept-Language": "en"}))
    assert "run.py" in page


def test_late_broken_and_switched_off_sweeps_are_told(company):
    with company.app_context():
        job = sweeps._job_of("audit.seal")
        job.next_run_at = clock.now() - dt.timedelta(hours=3)
        off = sweeps._job_of("people.tidy")
        off.enabled = False
        session.add(SweepRun(job_id=job.id, status=FAILED, for_at=clock.now(), started_at=clock.now(), by_hand=False,
                             host="h", counts={}, findings=[], error="x"))  # fmt: skip
        session.commit()
    said = found(company, health_checks._sweeps)
    assert [tone for tone, *_rest in said] == ["late", "late", "warn"]
    assert all("Seal the audit trail" in text for _tone, text, _todo in said[:2])
    assert all(todo for *_r, todo in said)


def test_waiting_messages_and_unsealed_entries_are_told(company):
    ago = clock.now() - dt.timedelta(hours=2)
    assert found(company, health_checks._outbox)[0][0] == "ok"
    with company.app_context():
        session.add(OutboxMessage(event="e", person_id=row_id(Employee, number="AMY"), channel="mail", text="x",
                                  state="queued", next_at=ago))  # fmt: skip
        session.execute(sa.insert(AuditEntry.__table__), [
            {"act": "x", "at": ago, "register": "customer", "record_id": 1, "kind": "update", "changes": {},
             "params": {}, "clause": ""}
        ])  # fmt: skip
        session.commit()
    assert found(company, health_checks._outbox)[0][0] == "late"
    assert found(company, health_checks._seal)[0][0] == "late"


def test_little_room_and_open_keys_are_told(company, monkeypatch, tmp_path):
    monkeypatch.setitem(company.config, "KEZHI_INSTANCE", tmp_path)
    (tmp_path / "keys").mkdir(mode=0o755)
    monkeypatch.setattr(health_checks.shutil, "disk_usage", lambda _path: type("Usage", (), {"free": 100})())
    assert [tone for tone, *_rest in found(company, health_checks._disk)] == ["late", "warn"]


def test_a_check_that_breaks_off_is_a_finding(company, monkeypatch):
    def broken():
        raise RuntimeError("secret")
        yield

    monkeypatch.setattr(health_checks, "LOOKS", (broken,))
    page = text(enter(company, "root").get("/health/", headers={"Accept-Language": "en"}))
    assert "RuntimeError" in page
    assert "secret" not in page
