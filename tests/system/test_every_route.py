"""Who gets what at which address: every route, by a visitor, without a role, with another, for a foreign row, rightly.

The table is made out of the map of addresses, so a new route stands in it by itself. A new kind of gap in an address,
or a view that belongs to no register and is not for everybody, has to be entered below before the tests pass.
"""

from __future__ import annotations

import datetime as dt
import io

import sqlalchemy as sa
from werkzeug.datastructures import FileStorage

from app import discover
from app.core import attachments, clock
from app.core.access import SIGNED_IN
from app.core.api import left_out
from app.core.db import session
from app.core.register import OPEN, registers
from app.engines.approvals.models import Approval
from app.engines.bulk.models import BulkRun
from app.engines.documents import annexes
from app.engines.documents.models import PrintTemplate
from app.engines.documents.printed import PrintRun
from app.engines.exchange.asked_models import ExportRequest
from app.engines.exchange.models import ImportRun
from app.engines.notifications.announcement import Announcement
from app.engines.notifications.models import OutboxMessage
from app.engines.notifications.ways import MessageChannel
from app.engines.people import operations as people
from app.engines.people.api_keys import AccountKey
from app.engines.people.models import Employee, Holding
from app.engines.policy import operations as policies
from app.engines.policy.models import PackVersion
from app.engines.reports import catalogue as reports
from app.engines.reports.plans import ReportCopy
from app.engines.sweeps import operations as jobs
from app.engines.sweeps.registry import sweeps
from app.engines.views.models import SavedView
from tests.demo import demo, founded, shown, some_ids
from tests.office import docx, paragraph
from tests.system.visitors import PUBLIC, Door, call, everywhere, files_of, filled, person, register_of, said

__all__ = ["demo", "founded", "person"]

assert list(discover())  # the program declares every register
ONLY_EVERYTHING = {  # roles are changed by administrators alone
    "RolesView.save", "RolesView.preview", "RolesView.make", "RolesView.delete",
    "DemoView.show", "DemoView.remove",  # the whole database is at stake
}
# what the state of a row, the posts of a pack or the person asked decide, beyond permission and scope
HELD = {
    "edit", "preview_edit", "put", "restore", "move", "attach", "detach", "act", "approve", "ReportsView.show",
    "ReportsView.print", "ReportApi.get",
}
FILES = {"file", "attach", "detach"}
TWINS = {"add": "post", "preview": "post", "edit": "put", "preview_edit": "put", "delete": "remove"}  # screen and call
LAST = ("detach", "delete", "remove")
ROLES_SENTENCE = "Your roles do not"


def gaps(app):
    """What fills the gaps of addresses, by view and name; needs an application context."""
    ids = some_ids()
    stranger = session.scalar(sa.select(Employee.id).where(Employee.number == "ROOT"))
    held = session.scalar(sa.select(Holding).order_by(Holding.id))
    return ids, {
        "locale": "zh", "slug": "salesperson", "filename": "kezhi/app.js", "action": "approve",
        "holding_id": held.id, "deputy_id": 1,
        "sort": "wecom", "way_id": session.scalar(sa.select(sa.func.max(MessageChannel.id))) or 1,
        "notice_id": _own_message("in_app"), "message_id": _own_message("mail"), "announcement_id": _announced(),
        "AnnouncementsView.pk": _announced(), "NoticesView.attachment_id": _file_of("announcement") or 1,
        "PeopleView.pk": held.owner_id or stranger, "DeputiesView.pk": held.owner_id or stranger,
        "UnitsView.pk": ids["org_unit"], "LeaversView.pk": held.owner_id or stranger,
        "ApprovalsView.pk": session.scalar(sa.select(sa.func.min(Approval.id))),
        "ApprovalsView.attachment_id": _file_of("approval") or 1,
        "WatchView.slug": "complaint", "WatchView.pk": ids["complaint"],
        "MenuApi.slug": "complaint",
        "ApprovalActsApi.pk": session.scalar(sa.select(sa.func.min(Approval.id))),
        "AnnexesView.slug": "customer", "FillView.slug": "customer", "FillView.pk": ids["customer"],
        "PrintsView.slug": "customer", "template_id": session.scalar(sa.select(sa.func.max(PrintTemplate.id))) or 1,
        "ImportsView.slug": "customer", "ImportsApi.slug": "customer", "ExportsView.slug": "customer",
        "ViewsView.slug": "customer", "BulkView.slug": "customer",
        "view_id": session.scalar(sa.select(sa.func.max(SavedView.id))) or 1, "word": "shared",
        "BulkView.run_id": session.scalar(sa.select(sa.func.max(BulkRun.id))) or 1,
        "user_id": session.scalar(sa.select(sa.func.min(Employee.account_id))), "handle": "ended",
        "ExportsApi.slug": "customer", "KeysView.pk": session.scalar(sa.select(sa.func.max(AccountKey.id))) or 1,
        "PrintsView.run_id": _newest(PrintRun), "PrintsView.attachment_id": _file_of("print_run") or 1,
        "ReportCopiesView.pk": _newest(ReportCopy), "ExportRequestsView.pk": _newest(ExportRequest),
        "DictionaryView.word": "customer.tenure",
        "run_id": session.scalar(sa.select(sa.func.max(ImportRun.id))) or 1,
        "Lookup.slug": "customer", "ApiDocument.slug": "customer", "CalendarsView.code": "CN", "code": "B02",
        "version": _pack().version, "year": clock.today().year, "day": clock.today().isoformat(),
        "name": next(iter(sweeps())),
        "unit_id": ids["org_unit"], "SettingsView.key": next(iter(_pack().parameters)),
        "key": reports.reports()[0].key,
        "AdoptionView.pk": ids["policy_adoption"], "KeptReportApi.pk": ids["report_snapshot"],
        "KeptReportsView.pk": ids["report_snapshot"], "DashboardView.chart": "load",
    }


def _own_message(channel):
    """The newest message that ``_prepare`` laid there by this way."""
    return session.scalar(sa.select(sa.func.max(OutboxMessage.id)).filter_by(channel=channel)) or 1


def _newest(model):
    return session.scalar(sa.select(sa.func.max(model.id))) or 1


def _file_of(slug):
    """The newest file of a register, which ``_prepare`` laid there."""
    return session.scalar(sa.select(sa.func.max(attachments.Attachment.id)).filter_by(register=slug))


def _own_work(person):
    """A print that is ready, a report that was sent, and an export that is allowed: all of one person."""
    run = PrintRun(register="customer", account_id=person.account_id, locale="en", host="http://localhost/", rows=[],
                   total=0, state="done", left=[])  # fmt: skip
    now, mine = clock.now(), {"owner_id": person.id, "unit_id": person.unit_id}
    asked = {"args": {}, "columns": ["name"], "format": "csv"}
    session.add_all([
        run, ReportCopy(title="周报", period="2025-W40", due_at=now, sent_at=now, row_count=0, attached=False, url="",
                        guards=[], sheets=[], **mine),
        ExportRequest(of_register="customer", status="granted", row_count=1, columns_said="名称", reason="年度核对",
                      expires_at=now + dt.timedelta(days=1), asked=asked, taken=0, **mine),
    ])  # fmt: skip
    session.flush()
    attachments.keep_made("print_run", run.id, "file", "a.pdf", "application/pdf", io.BytesIO(b"%PDF"))
    session.flush()


def _announced():
    return session.scalar(sa.select(sa.func.max(Announcement.id))) or 1


def _tell(person):
    """Something announced to a person, a mail to him that was given up, and a robot."""
    made = Announcement(title="停水", text="今晚停水。", unit_ids=[person.unit_id],
                        unit_id=person.unit_id, told=1)  # fmt: skip
    session.add_all([made, MessageChannel(name="文1", sort="wecom", unit_ids=[1], hook="https://robots.example/?key=1")])
    session.flush()
    row = attachments.Attachment(register="announcement", record_id=made.id, field="files", name="x.png", size=1,
                                 media_type="image/png")  # fmt: skip
    attachments._keep(io.BytesIO(b"x"), row)
    said = {"event": f"announcement:{made.id}", "person_id": person.id, "text": "Announcements"}
    session.add_all(OutboxMessage(channel=way, state=state, kind="announcement", url="/profile/", **said)
                    for way, state in (("mail", "failed"), ("in_app", "sent")))  # fmt: skip


def _pack():
    return policies.pack_for(session.scalar(sa.select(sa.func.min(PackVersion.id)).filter_by(code="B02")))


def doors(app):
    """Every method of every route but the public ones; a list, so that no context stays open during the calls."""
    return sorted(_doors(app), key=lambda door: door.endpoint.split(".")[1] in LAST)


def _doors(app):
    with app.app_context():
        _prepare()
        ids, known = gaps(app)
        views = {type(view).__name__: view for view in app.appbuilder.baseviews}
        with app.test_request_context():
            adapter = app.url_map.bind("localhost")
            for rule in app.url_map.iter_rules():
                if rule.endpoint in PUBLIC:
                    continue
                view = views[rule.endpoint.split(".")[0]]
                name = rule.endpoint.split(".")[1]
                arguments = filled(view, rule, ids, known)
                for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
                    address = adapter.build(rule.endpoint, arguments, method=method)
                    yield Door(
                        rule.endpoint, method, address,
                        view.class_permission_name, view.method_permission_name.get(name, name),
                        "pk" in rule.arguments,
                    )


def _prepare():
    """An attachment on the first row of every register that holds some, and a deputy of the first holder."""
    jobs.sync()
    ids, held = some_ids(), session.scalar(sa.select(Holding).order_by(Holding.id))
    today, other = clock.today(), session.scalar(sa.select(Employee).where(Employee.id != held.owner_id).limit(1))
    people.appoint_deputy(session.get_one(Employee, held.owner_id), other, today, today, "休假")
    for register in shown():
        if register.slug in ids and (slots := files_of(register, ids)):
            row = attachments.Attachment(
                register=register.slug, record_id=ids[register.slug], field=slots[0], name="a.png",
                media_type="image/png",
            )
            attachments._keep(io.BytesIO(b"x"), row)
    step = session.scalar(sa.select(sa.func.min(Approval.id)))
    if step is not None and _file_of("approval") is None:
        row = attachments.Attachment(register="approval", record_id=step, field="comment", name="x.png", size=1,
                                     media_type="image/png")  # fmt: skip
        attachments._keep(io.BytesIO(b"x"), row)
    _tell(session.scalar(sa.select(Employee).where(Employee.number == "NEW")) or other)
    form = FileStorage(io.BytesIO(docx(paragraph("{{ number }}"))), filename="a.docx")
    annexes.take_in("customer", "A", form)
    newcomer = session.scalar(sa.select(Employee.account_id).where(Employee.number == "NEW"))
    if session.scalar(sa.select(AccountKey.id).limit(1)) is None:
        first = session.scalar(sa.select(sa.func.min(Employee.account_id)))
        session.add(AccountKey(name="同步", account_id=first, ident="elsewhere", digest="0" * 64, scopes={}))
    session.add(ImportRun(register="customer", account_id=newcomer, file_name="a.csv", size=1, mode="add", locale="en",
                          state="ready", good_only=False, total=0))  # fmt: skip
    if newcomer and session.scalar(sa.select(PrintRun.id).limit(1)) is None:
        for one in (other, session.scalar(sa.select(Employee).where(Employee.number == "NEW"))):
            _own_work(one)
    if newcomer and session.scalar(sa.select(SavedView.id).filter_by(word="shared")) is None:
        session.add(SavedView(register="customer", account_id=newcomer, name="我的", word="shared"))
        session.add(BulkRun(register="customer", account_id=newcomer, locale="en", state="ready", total=0))
    session.commit()


# -- the table ---------------------------------------------------------------------------------------------------------


def test_a_visitor_is_shown_to_the_door(demo):
    visitor, wrong = demo.test_client(use_cookies=False), []  # what is told to a visitor would pile up in his session
    for door in doors(demo):
        answer = call(visitor, door)
        turned_away = answer.status_code == 401 if door.program else (
            answer.status_code == 302 and "/login/" in answer.headers["Location"]
        )
        if not turned_away:
            wrong.append((door, said(answer)))
    assert not wrong, "\n".join(map(str, wrong))


def test_without_any_role_and_with_every_other_permission_it_is_403(demo, person):
    wrong = []
    for door in doors(demo):
        if door.guard in SIGNED_IN:
            continue
        assert door.guard in registers(), f"{door.endpoint} belongs to no register and is not for everybody"
        other = everywhere(*registers(), without={(door.guard, door.action)})
        for grants in ({}, other):
            answer = call(person(grants), door)
            if answer.status_code != 403:
                wrong.append((door, bool(grants), said(answer)))
    assert not wrong, "\n".join(map(str, wrong))


def test_a_foreign_row_is_404(demo, person):
    wrong, _prepared = [], doors(demo)
    with demo.app_context():
        _own_work(session.scalar(sa.select(Employee).where(Employee.number != "NEW", Employee.account_id.is_not(None))))
        session.commit()
    for door in doors(demo):
        described = register_of(door.endpoint)
        held = described or registers().get(door.guard)
        if not door.rows or (held is not None and held.scope == OPEN):
            continue
        guards = {door.guard, described.slug} if described else {door.guard} & set(registers())
        answer = call(person(everywhere(*guards, reach="nowhere")), door)
        if answer.status_code != 404:
            wrong.append((door, said(answer)))
    assert not wrong, "\n".join(map(str, wrong))


def test_with_the_permission_and_the_row_it_opens(demo, person):
    wrong, first = [], None
    for door in doors(demo):
        with demo.app_context():
            there = some_ids()
            described = register_of(door.endpoint)
            bare = described is not None and not files_of(described, there)
        first = first or there
        client = person(everywhere(*registers()), everything=door.endpoint in ONLY_EVERYTHING)
        answer = call(client, door)
        kept = {slug for slug, row in there.items() if first.get(slug, row) == row}
        if bare and door.endpoint.split(".")[1] in FILES:  # the policy of the row has no use for the register's files
            kept.discard(described.slug)
        if not _opened(door, answer, kept):
            wrong.append((door, said(answer)))
    assert not wrong, "\n".join(map(str, wrong))


def _opened(door, answer, filled_registers):
    name, described = door.endpoint.split(".")[1], register_of(door.endpoint)
    guarded = registers().get(door.guard)
    if door.rows and guarded is not None and guarded.closed:
        return answer.status_code == 404  # a permission alone opens no closed row: the posts that do have a scenario
    if described is not None:
        without_row = door.rows and described.slug not in filled_registers
        if without_row or TWINS.get(name, name) in left_out(described):
            return answer.status_code == 404
    if answer.status_code == 403:
        return ROLES_SENTENCE not in answer.get_data(as_text=True) and not HELD.isdisjoint((name, door.endpoint))
    return answer.status_code in (200, 201, 302, 400, 409, 422)
