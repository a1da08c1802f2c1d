"""Reports that are sent by a plan: when, to whom, in whose reach, kept as sent, attached where exporting is allowed."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.db import session
from app.engines.notifications import attaching, mail
from app.engines.notifications.letters import Letter
from app.engines.notifications.models import OutboxMessage
from app.engines.people.models import Employee
from app.engines.privacy.models import AccessLog
from app.engines.reports import sending
from app.engines.reports.plans import ReportCopy, ReportPlan
from app.engines.sweeps import operations as sweeps
from tests.scenarios.desk import CONTROL, MANAGER, REP, Desk, at

PLAN = {"name": "每周投诉表", "source": "board:complaints", "shown": "present", "every": "week", "weekday": "1",
        "at_time": "08:00", "attach": True, "in_use": True}  # fmt: skip


def ids(portal, *accounts):
    with portal.app_context():
        from flask_appbuilder.security.sqla.models import User

        query = sa.select(User.username, Employee.id).join(Employee, Employee.account_id == User.id)
        found = {row[0]: row[1] for row in session.execute(query)}
        return [found[account] for account in accounts]


def send(portal):
    with portal.app_context():
        return dict(sweeps.run("reports.send").counts)


@pytest.fixture
def manager(portal, sign_in):
    """Somebody who may plan reports."""
    with portal.app_context():
        from app.engines.people import shipped

        shipped.sync_roles()
        sweeps.sync()
        session.commit()
    return sign_in(MANAGER)


def plan_of(manager, portal, *accounts, status=201, **over):
    return manager.call("POST", "report_plan/", status, **(PLAN | {"people": ids(portal, *accounts)} | over))


def test_every_receiver_gets_his_own_reach_and_the_excel_only_who_may_export(portal, sign_in, manager):
    with at("2025-10-10 09:30"):
        Desk(sign_in).accepted()
        made = plan_of(manager, portal, CONTROL, REP, MANAGER)
        told = manager.call("GET", f"report_plan/{made['id']}")
        assert told["next_at"].startswith("2025-10-13T08:00")
        assert send(portal) == {}
    with at("2025-10-13 08:05"):
        counts = send(portal)
        assert counts["hit"] == 1
        assert counts["sent"] + counts.get("skipped", 0) == 3
        assert send(portal) == {}
    control, rep, boss = ids(portal, CONTROL, REP, MANAGER)
    with portal.app_context():
        copies = {copy.owner_id: copy for copy in session.scalars(sa.select(ReportCopy))}
        assert rep not in copies  # a board is for who reads more than his own
        assert {control, boss} <= {*copies}
        for copy in copies.values():
            assert copy.period == "2025-10"
            assert copy.sheets[0]["rows"]
        told = {row.person_id: row for row in session.scalars(sa.select(OutboxMessage).where(
            OutboxMessage.event.startswith("report.sent:")))}
        assert {*told} == {*copies}
        assert told[control].url == f"/report_copy/{copies[control].id}"
        assert told[control].kind == "report"
        logged = session.scalars(sa.select(AccessLog).filter_by(act="export", of_register="report_copy")).all()
        assert len(logged) == sum(copy.attached for copy in copies.values())


def test_a_copy_stays_as_it_was_and_only_its_receiver_opens_it(portal, sign_in, manager):
    with at("2025-10-10 09:30"):
        Desk(sign_in).accepted()
        plan_of(manager, portal, MANAGER, every="day", weekday=None)
    with at("2025-10-13 08:05"):
        assert send(portal)["sent"] == 1
        with portal.app_context():
            copy = session.scalars(sa.select(ReportCopy)).one()
            key, rows = copy.id, copy.sheets
        Desk(sign_in).accepted()
        page = manager.client.get(f"/report_copy/{key}")
        assert page.status_code == 200
        assert rows[0]["title"] in page.text
        assert manager.client.get(f"/report_copy/{key}/print").status_code == 200
        with portal.app_context():
            assert session.get(ReportCopy, key).sheets == rows
        assert sign_in(REP).client.get(f"/report_copy/{key}").status_code == 404
        assert sign_in(REP).client.get(f"/report_copies/{key}/file").status_code == 404
        answer = manager.client.get(f"/report_copies/{key}/file", buffered=True)
        with portal.app_context():
            from flask_appbuilder.security.sqla.models import User

            from app.core import access, actor

            account = session.scalar(sa.select(User.id).filter_by(username=MANAGER))
            with actor.acting_as(account), access.remembered():
                may = sending.may_take(session.get(ReportCopy, key), access.current())
        assert answer.status_code == (200 if may else 403)


def test_the_mail_carries_the_workbook(portal, sign_in, manager):
    with at("2025-10-10 09:30"):
        Desk(sign_in).accepted()
        plan_of(manager, portal, CONTROL, every="day", weekday=None)
    with at("2025-10-13 08:05"):
        assert send(portal)["sent"] == 1
        with portal.app_context():
            copy = session.scalars(sa.select(ReportCopy)).one()
            copy.attached = True
            rows = session.scalars(sa.select(OutboxMessage).filter_by(event=f"report.sent:{copy.id}")).all()
            files = attaching.of(rows)
            from flask_appbuilder.security.sqla.models import User

            from app.core import access, actor

            account = session.scalar(sa.select(User.id).filter_by(username=CONTROL))
            with actor.acting_as(account), access.remembered():
                assert bool(files) == sending.may_take(copy, access.current())
            file = sending.file_of(copy)
            letter = Letter("zh", "报表", (), 0, "https://kezhi.example", "", "", files=(file,))
            server = mail.MailServer("", 25, "", "", "", "a@kezhi.cn", "客制", 5)
            [part] = composed_files(server, letter)
        assert part.get_filename() == "每周投诉表-2025-10.xlsx"
        assert "xl/workbook.xml" in zipfile.ZipFile(io.BytesIO(part.get_content())).namelist()


def composed_files(server, letter):
    return list(mail.composed(server, "b@kezhi.cn", letter).iter_attachments())


def test_a_report_of_a_policy_and_a_saved_list(portal, sign_in, manager):
    with at("2025-10-10 09:30"):
        Desk(sign_in).accepted()
        client = manager.client
        answer = client.post("/views/complaint", data={"name": "高额", "args": "order=-id"})
        assert answer.status_code == 302, answer.text
        with portal.app_context():
            from app.engines.views.models import SavedView

            view = session.scalars(sa.select(SavedView).filter_by(register="complaint", name="高额")).one().id
        plan_of(manager, portal, MANAGER, every="day", weekday=None, source=f"view:{view}")
    with at("2025-10-13 08:05"):
        assert send(portal)["sent"] == 1
        with portal.app_context():
            copy = session.scalars(sa.select(ReportCopy)).one()
            assert (copy.row_count, copy.title) == (1, "每周投诉表")
            assert copy.sheets[0]["heads"]


@pytest.mark.parametrize(
    ("given", "field"),
    [({"people": None, "roles": None}, "people"), ({"at_time": "8 Uhr"}, "at_time"), ({"weekday": None}, "weekday"),
     ({"source": "board:none"}, "source"), ({"source": "view:99999"}, "source")],
)
def test_what_a_plan_cannot_be(portal, manager, given, field):
    told = plan_of(manager, portal, MANAGER, status=422, **given)
    assert field in {problem["field"] for problem in told["errors"]}


@pytest.mark.parametrize(
    ("every", "now", "due"),
    [({"every": "day"}, "2025-09-30 09:00", "2025-10-09 08:00"),  # over the national holidays
     ({"every": "week", "weekday": "3"}, "2025-09-26 09:00", "2025-10-09 08:00"),  # both in the holidays: the next
     ({"every": "week", "weekday": "1"}, "2025-10-13 09:00", "2025-10-20 08:00"),
     ({"every": "month", "month_day": 1}, "2025-09-20 09:00", "2025-10-09 08:00"),
     ({"every": "month", "month_day": 3}, "2025-10-31 09:00", "2025-11-05 08:00")],
)  # fmt: skip
def test_plans_are_due_on_working_days(portal, every, now, due):
    with at(now), portal.app_context():
        plan = ReportPlan(name="x", source="x", shown="ended", at_time="08:00", in_use=True, **every)
        assert f"{clock.to_local(sending.next_after(plan, clock.now())):%Y-%m-%d %H:%M}" == due
        plan.in_use = False
        assert sending.next_after(plan, clock.now()) is None


def test_a_plan_that_broke_off_goes_on_with_who_has_not_got_it(portal, sign_in, manager, monkeypatch):
    with at("2025-10-10 09:30"):
        Desk(sign_in).accepted()
        plan_of(manager, portal, CONTROL, MANAGER, every="day", weekday=None)
    keep, calls = sending._keep, iter(range(9))

    def dies(*args):
        if next(calls) == 1:
            raise MemoryError
        return keep(*args)

    monkeypatch.setattr(sending, "_keep", dies)
    with at("2025-10-13 08:05"):
        with portal.app_context():
            assert sweeps.run("reports.send").error.startswith("MemoryError")
            assert session.scalar(sa.select(sa.func.count()).select_from(ReportCopy)) == 1
        assert send(portal)["sent"] == 1
        with portal.app_context():
            assert session.scalar(sa.select(sa.func.count()).select_from(ReportCopy)) == 2
            due = {copy.due_at for copy in session.scalars(sa.select(ReportCopy))}
            assert due == {clock.from_local(dt.datetime(2025, 10, 11, 8))}  # a Saturday that is worked on
