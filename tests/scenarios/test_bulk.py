"""Many rows at once: looked at row by row with the reasons, carried out like single steps and edits, never twice."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from app.areas.complaints.complaint import Complaint
from app.areas.customers.customer import Customer
from app.core import leases
from app.core.db import session
from app.engines.audit.models import AuditEntry
from app.engines.bulk import runs, sweeps, work
from app.engines.bulk.models import BulkRow, BulkRun
from app.engines.deadlines.models import DeadlineClock
from app.engines.sweeps import resuming
from tests.scenarios.desk import CONTROL, MANAGER, QC, REP
from tests.scenarios.pages import a_day, people, text
from tests.scenarios.seats import customers

__all__ = ["a_day", "people"]


def begin(client, slug, ids=(), query=""):
    data = {"id": list(ids), "action": "ticked"} if ids else {"action": "all"}
    answer = client.post(f"/bulk/{slug}{query}", data=data)
    text(answer, 302)
    return int(re.search(r"/run/(\d+)", answer.headers["Location"])[1])


def decide(client, run, do, status=302, **given):
    return text(client.post(f"/bulk/run/{run}/decide", data={"do": do} | given), status)


def verdicts(portal, run):
    with portal.app_context():
        rows = session.scalars(sa.select(BulkRow).filter_by(run_id=run).order_by(BulkRow.row_no)).all()
        return {row.record_id: row.verdict for row in rows}


def states(portal, cases):
    with portal.app_context():
        return [session.get(Complaint, case).status for case in cases]


def test_a_step_is_shown_for_every_row_and_then_taken_by_those_that_can(portal, desk, people):
    rep, control = desk.as_(REP), people(CONTROL)
    sent = [desk.open(title=f"案{n}") for n in range(3)]
    for case in sent[:2]:
        rep.move(case, "submit")
    done = desk.accepted(title="已受理")
    run = begin(control, "complaint", [*sent, done])
    assert "do=move:accept" in text(control.get(f"/bulk/run/{run}"))
    decide(control, run, "move:accept")
    page = text(control.get(f"/bulk/run/{run}"))
    assert verdicts(portal, run) == {sent[0]: "go", sent[1]: "go", sent[2]: "no", done: "no"}
    assert "is not possible while the case is" in page
    assert "（九）4" in page
    assert states(portal, sent) == ["submitted", "submitted", "draft"]
    text(control.post(f"/bulk/run/{run}/commit"), 302)
    assert verdicts(portal, run) == {sent[0]: "gone", sent[1]: "gone", sent[2]: "no", done: "no"}
    assert states(portal, sent) == ["registered", "registered", "draft"]
    with portal.app_context():
        numbers = {session.get(Complaint, case).number for case in sent[:2]}
        assert len(numbers) == 2
        clocks = sa.select(sa.func.count()).select_from(DeadlineClock).where(DeadlineClock.record_id.in_(sent[:2]))
        assert session.scalar(clocks.where(DeadlineClock.of_register == "complaint")) >= 2
        trail = session.scalars(sa.select(AuditEntry).filter_by(register="complaint", record_id=sent[0])).all()
        assert [entry.kind for entry in trail].count("move") == 2
    assert text(control.post(f"/bulk/run/{run}/commit"), 409)
    assert text(control.post(f"/bulk/run/{run}/withdraw"), 409)


def test_what_a_step_needs_is_named_and_what_each_row_has_stays(portal, desk, people):
    first, second = desk.accepted(), desk.accepted()
    for case in (first, second):
        desk.as_(CONTROL).move(case, "send_to_qc")
    quality = people(QC)
    run = begin(quality, "complaint", [first, second])
    decide(quality, run, "move:judge", category="quality")
    page = text(quality.get(f"/bulk/run/{run}"))
    assert set(verdicts(portal, run).values()) == {"no"}
    assert "is needed for" in page
    assert "None of the rows can be changed so" in page
    assert text(quality.post(f"/bulk/run/{run}/commit"), 422)
    decide(quality, run, "move:judge", category="quality", qc_cause="回温不足", responsible_unit_id=str(desk.section))
    assert set(verdicts(portal, run).values()) == {"go"}
    quality.post(f"/bulk/run/{run}/commit")
    assert states(portal, [first, second]) == ["production"] * 2


def test_a_field_is_set_and_a_row_changed_meanwhile_is_left_and_named(portal, desk, people):
    manager, mine = people(MANAGER), customers(portal, MANAGER, 4)
    run = begin(manager, "customer", mine)
    assert "do=edit:short_name" in text(manager.get(f"/bulk/run/{run}"))
    decide(manager, run, "edit:short_name", short_name="同一")
    desk.as_(MANAGER).call("PUT", f"customer/{mine[1]}", short_name="抢先")
    desk.as_(MANAGER).call("PUT", f"customer/{mine[2]}", name="改名")
    text(manager.post(f"/bulk/run/{run}/commit"), 302)
    assert verdicts(portal, run) == dict(zip(mine, ("gone", "left", "left", "gone"), strict=True))
    assert "Somebody has changed this record since it was looked at" in text(manager.get(f"/bulk/run/{run}"))
    with portal.app_context():
        assert [session.get(Customer, key).short_name for key in mine] == ["同一", "抢先", None, "同一"]
    again = begin(manager, "customer", mine)
    decide(manager, again, "edit:short_name", short_name="同一")
    assert verdicts(portal, again) == dict(zip(mine, ("same", "go", "go", "same"), strict=True))
    wrong = begin(manager, "customer", mine)
    decide(manager, wrong, "edit:name", name="")
    assert set(verdicts(portal, wrong).values()) == {"no"}
    assert "is needed" in text(manager.get(f"/bulk/run/{wrong}"))


def test_many_rows_go_on_in_a_thread_and_after_a_host_died(portal, people, monkeypatch):
    manager, mine = people(MANAGER), customers(portal, MANAGER, 35)
    run = begin(manager, "customer", query="?name__contains=许多客户")
    monkeypatch.setattr(leases.Work, "kick", lambda _work, _key: None)
    decide(manager, run, "edit:short_name", short_name="批")
    assert manager.get(f"/bulk/run/{run}/status").json["at_work"]
    with portal.app_context():
        assert work.WORK.left_lying() == [run]
        assert work.WORK.carry_on(run)
        session.remove()
    assert list(verdicts(portal, run).values()) == ["go"] * 35
    text(manager.post(f"/bulk/run/{run}/commit"), 302)
    with portal.app_context():
        once, done = work.acting.carry_out, []

        def dies(act, key, version):
            if len(done) == 14:
                raise KeyboardInterrupt
            done.append(key)
            return once(act, key, version)

        monkeypatch.setattr(work.acting, "carry_out", dies)
        with pytest.raises(KeyboardInterrupt):
            work.WORK.carry_on(run)
        session.rollback()
        monkeypatch.setattr(work.acting, "carry_out", once)
        kept = sa.select(sa.func.count()).select_from(Customer).where(Customer.short_name == "批")
        assert session.scalar(kept) == 10  # the batch that was not finished left nothing
        session.execute(sa.update(BulkRun).values(lease_until=None, worker=None))
        session.commit()
        assert work.WORK.carry_on(run)
        assert not work.WORK.carry_on(run)
        assert session.scalar(kept) == 35
        versions = set(session.scalars(sa.select(Customer.row_version).where(Customer.id.in_(mine))))
        assert versions == {2}  # each was changed once
        assert session.get(BulkRun, run).state == "done"
        session.remove()


def test_who_may_not_and_too_many(portal, desk, people, monkeypatch):
    mine = customers(portal, MANAGER, 3)
    manager, rep = people(MANAGER), people(REP)
    run = begin(manager, "customer", mine)
    assert rep.get(f"/bulk/run/{run}").status_code == 404
    monkeypatch.setattr(runs, "MOST", 2)
    assert "At most 2 rows" in text(manager.post("/bulk/customer", data={"id": mine}), 422)
    monkeypatch.undo()
    assert "at least one row" in text(manager.post("/bulk/customer", data={"action": "ticked"}), 422)
    assert text(manager.post(f"/bulk/run/{run}/decide", data={"do": "edit:customer_no"}), 422)
    assert manager.post("/bulk/account").status_code == 404
    assert manager.post("/bulk/deadline_clock", data={"id": [1]}).status_code == 403
    text(manager.post(f"/bulk/run/{run}/withdraw"), 302)
    with portal.app_context():
        assert session.scalar(sa.select(sa.func.count()).select_from(BulkRow).filter_by(run_id=run)) == 0
        from app.core import clock

        late = clock.now() + 3 * resuming.KEPT
        assert sweeps.tidy(late)["hit"] == 0


def test_foreign_rows_are_not_chosen(portal, desk, people):
    case = desk.open()
    run_or_not = people(QC).post("/bulk/complaint", data={"id": [case], "action": "ticked"})
    assert "at least one row" in text(run_or_not, 422)


def test_personal_fields_are_set_masked_and_unique_ones_are_left_to_single_forms(portal, people):
    rep = people(REP)
    run = begin(rep, "customer", customers(portal, REP, 3))
    page = text(rep.get(f"/bulk/run/{run}"))
    assert "do=edit:contact_phone" in page
    assert "do=edit:customer_no" not in page
    assert "many rows cannot share a value" in page
    decide(rep, run, "edit:customer_no", 422, customer_no="N9")
    decide(rep, run, "edit:contact_phone", contact_phone="13812345678")
    page = text(rep.get(f"/bulk/run/{run}"))
    assert "13812345678" not in page
    assert "138****5678" in page
    assert "13812345678" not in text(rep.get("/bulk/"))
    rep.post(f"/bulk/run/{run}/commit")
    assert set(verdicts(portal, run).values()) == {"gone"}
    with portal.app_context():
        set_ = session.scalars(sa.select(Customer.contact_phone).where(Customer.customer_no.startswith("N00"))).all()
        assert set_ == ["13812345678"] * 3
        assert "13812345678" not in str([entry.changes for entry in session.scalars(sa.select(AuditEntry))])
