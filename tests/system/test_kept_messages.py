"""What is deleted after a while and what never is; files of announcements. Over HTTP on both databases."""

import datetime as dt
import io

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.accounts import LoginEvent
from app.core.db import session
from app.engines.audit.models import AuditEntry
from app.engines.notifications import settings
from app.engines.notifications.models import OutboxMessage
from app.engines.people.models import Employee, OrgUnit
from app.engines.sweeps import operations as sweeps
from tests.both import company
from tests.portal import enter, row_id

__all__ = ["company"]
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


def text(answer, status=200):
    assert answer.status_code == status, answer.get_data(as_text=True)[-2000:]
    return answer.get_data(as_text=True)


def message(person, event, days, channel="in_app", state="sent"):
    at = clock.now() - dt.timedelta(days=days)
    session.add(OutboxMessage(event=event, person_id=person, channel=channel, state=state, text="x", created_at=at))


def events():
    return sorted(session.scalars(sa.select(OutboxMessage.event).where(OutboxMessage.event.like("keep.%"))))


def tidied():
    sweeps.sync()
    outcome = sweeps.run("messages.tidy", clock.now())
    assert outcome.error is None
    return outcome.counts.get("hit", 0)


def test_old_messages_and_sign_ins_go_and_receipts_and_the_audit_trail_stay(company):
    with company.app_context():
        amy = row_id(Employee, number="AMY")
        message(amy, "keep.old:1", 366)
        message(amy, "keep.old:2", 366, "mail")
        message(amy, "keep.given_up:1", 366, "mail", "failed")
        message(amy, "keep.waits:1", 366, "mail", "queued")
        message(amy, "keep.new:1", 364)
        message(amy, "announcement:99", 4000)
        for days in (1096, 1094):
            session.add(LoginEvent(event="signed_in", name=f"keep{days}", at=clock.now() - dt.timedelta(days=days)))
        session.commit()
        trail = set(session.scalars(sa.select(AuditEntry.id)))
        assert tidied() == 4
        assert events() == ["keep.new:1", "keep.waits:1"]
        assert session.scalar(sa.select(OutboxMessage.id).filter_by(event="announcement:99")) is not None
        kept = session.scalars(sa.select(LoginEvent.name).where(LoginEvent.name.like("keep%"))).all()
        assert kept == ["keep1094"]
        assert trail
        assert trail <= set(session.scalars(sa.select(AuditEntry.id)))
        assert tidied() == 0


def test_more_than_one_batch_goes_in_one_run(company, monkeypatch):
    monkeypatch.setattr("app.engines.notifications.keeping.BATCH", 3)
    with company.app_context():
        amy = row_id(Employee, number="AMY")
        for number in range(8):
            message(amy, f"keep.many:{number}", 500)
        session.commit()
        assert tidied() == 8


def test_how_long_is_a_setting_with_a_lower_bound(company):
    with company.app_context():
        amy = row_id(Employee, number="AMY")
        message(amy, "keep.setting:1", 40)
        message(amy, "keep.setting:2", 29)
        settings.change({"keep_days": 30})
        session.commit()
        assert tidied() >= 1
        assert [one for one in events() if "setting" in one] == ["keep.setting:2"]
        settings.change({"keep_days": 365})
        session.commit()
    root = enter(company, "root")
    assert "1095" in text(root.get("/message_settings/"))
    assert root.post("/message_settings/change", data={"log_days": "179"}).status_code == 422


# -- files -------------------------------------------------------------------------------------------------------------


def announced(company, client, *files):
    with company.app_context():
        unit = row_id(OrgUnit, code="S")
    form = {"title": "消防演练", "text": "详见附件", "unit_ids": str(unit), "files": list(files)}
    return client.post("/announcements/add", data=form, content_type="multipart/form-data")


def test_files_reach_whoever_was_told_and_nobody_else(company):
    bob, amy, ann = (enter(company, name) for name in ("bob", "amy", "ann"))
    assert 'name="files"' in text(bob.get("/announcements/add"))
    made = announced(company, bob, (io.BytesIO(PNG), "演练路线.png"))
    assert made.status_code == 302, text(made, made.status_code)
    own = made.headers["Location"]
    assert "演练路线.png" in text(bob.get(own))
    place = own.replace("/announcements/", "/notices/announcement/")
    page = text(amy.get(place))
    address = page.split(f'href="{place}/file/')[1].split('"')[0]
    got = amy.get(f"{place}/file/{address}")
    assert got.status_code == 200
    assert got.data == PNG
    assert "attachment" in got.headers["Content-Disposition"]
    got.close()
    assert ann.get(f"{place}/file/{address}").status_code == 404
    assert amy.get(f"{place}/file/99999").status_code == 404


@pytest.mark.parametrize(("content", "name"), [(b"MZ\x90\0", "setup.exe"), (b"", "leer.png"), (b"GIF89a", "x.png")])
def test_a_file_that_cannot_be_is_refused_and_nobody_is_told(company, content, name):
    bob = enter(company, "bob")
    with company.app_context():
        before = session.scalar(sa.select(sa.func.count()).select_from(OutboxMessage))
    refused = announced(company, bob, (io.BytesIO(content), name))
    assert "详见附件" in text(refused, 422), "nothing typed is lost"
    with company.app_context():
        assert session.scalar(sa.select(sa.func.count()).select_from(OutboxMessage)) == before
