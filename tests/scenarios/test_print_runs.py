"""Prints of many rows in the background: files, histories, what is left out; printing is a right of its own."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from app.core import attachments, clock, leases
from app.core.db import session
from app.core.register import registers
from app.engines.audit.models import AuditEntry
from app.engines.documents import batches, pdf, print_runs, sweeps
from app.engines.documents.printed import DONE, FORGOTTEN, WAITING, WITHDRAWN, PrintRun
from app.engines.notifications.models import OutboxMessage
from app.engines.people import catalogue, shipped
from app.engines.privacy.models import AccessLog
from tests.scenarios.desk import CONTROL, MANAGER, REP, Desk, at
from tests.scenarios.seats import customers
from tests.scenarios.test_batches import pages_of

needs_pango = pytest.mark.skipif(not pdf.available(), reason="Pango is not installed here")


@pytest.fixture(autouse=True)
def half_past_nine():
    """All happens at one moment."""
    with at("2025-10-13 09:30"):
        yield


@pytest.fixture
def short(monkeypatch):
    """Sheets with a word on them, so that laying them out takes no time."""
    monkeypatch.setattr(batches, "html_of", lambda page: f"<p>{page.number}</p>")


def begin(client, slug, ids=(), query=""):
    """A run that a list begins; waits until its thread has ended."""
    data = {"id": ids, "action": "print"} if ids else {"action": "print_all"}
    answer = client.post(f"/prints/{slug}{query}", data=data)
    assert answer.status_code == 302, answer.text
    leases.wait_for(print_runs.NAME)
    return int(re.search(r"/prints/run/(\d+)$", answer.headers["Location"])[1])


def run_of(portal, key):
    with portal.app_context():
        run = session.get(PrintRun, key)
        return run.state, run.done, run.left


def prints_of(portal, slug, ids):
    with portal.app_context():
        found = sa.select(AuditEntry.record_id).where(
            AuditEntry.register == slug, AuditEntry.record_id.in_(ids),
            sa.cast(AuditEntry.text, sa.String).contains("Printed"),
        )
        return sorted(session.scalars(found))


@needs_pango
def test_many_rows_are_printed_by_a_thread_and_taken_when_ready(portal, sign_in, monkeypatch):
    monkeypatch.setattr(print_runs, "PART", 6)
    ids = customers(portal, REP, 13)
    rep = sign_in(REP).client
    run = begin(rep, "customer", ids)
    assert run_of(portal, run) == (DONE, 13, [])
    page = rep.get(f"/prints/run/{run}").text
    files = re.findall(rf"/prints/run/{run}/file/(\d+)", page)
    assert [pages_of(rep.get(f"/prints/run/{run}/file/{one}", buffered=True)) for one in files] == [6, 6, 1]
    assert prints_of(portal, "customer", ids) == sorted(ids)
    status = rep.get(f"/prints/run/{run}/status").get_json()
    assert (status["at_work"], status["text"]) == (False, "13 / 13")
    with portal.app_context():
        [line] = session.scalars(sa.select(AccessLog).filter_by(act="print"))
        assert (line.of_register, line.rows) == ("customer", 13)
        [told] = session.scalars(sa.select(OutboxMessage).filter_by(event=f"file.print:{run}"))
        assert (told.kind, told.url) == ("file", f"/prints/run/{run}")
    other = sign_in(MANAGER).client
    assert other.get(f"/prints/run/{run}").status_code == 404
    assert other.get(f"/prints/run/{run}/file/{files[0]}").status_code == 404
    assert rep.get(f"/prints/run/{run}/file/99999").status_code == 404
    assert rep.post(f"/prints/run/{run}/withdraw").status_code == 409


@needs_pango
def test_all_that_a_list_finds_and_what_the_policy_lets_nobody_print(portal, sign_in, short):
    desk = Desk(sign_in)
    case = desk.accepted()
    control = sign_in(CONTROL).client
    control.get("/lang/en")
    run = begin(control, "complaint")
    assert run_of(portal, run)[:2] == (DONE, 1)
    rep = sign_in(REP).client
    rep.get("/lang/en")
    run = begin(rep, "complaint")
    state, done, [left] = run_of(portal, run)
    assert (state, done, left["id"]) == (DONE, 1, case)
    assert left["said"] in rep.get(f"/prints/run/{run}").text.replace("&#39;", "'")


@needs_pango
def test_a_run_that_broke_off_goes_on_behind_its_last_file(portal, sign_in, monkeypatch, short):
    monkeypatch.setattr(print_runs, "PART", 4)
    ids, whole, calls = customers(portal, REP, 11), pdf.bound, iter(range(9))

    def dies(laid):
        if next(calls) == 1:
            raise MemoryError
        return whole(laid)

    monkeypatch.setattr(pdf, "bound", dies)
    rep = sign_in(REP).client
    run = begin(rep, "customer", ids)
    assert run_of(portal, run)[:2] == (WAITING, 8)  # laid out; the file of the last four is not there
    assert prints_of(portal, "customer", ids) == sorted(ids)[:4]
    with portal.app_context():
        assert list(sweeps.resume(clock.now())) == [{"checked": 1, "hit": 1}]
    leases.wait_for(print_runs.NAME)
    assert run_of(portal, run)[:2] == (DONE, 11)
    assert prints_of(portal, "customer", ids) == sorted(ids)


@needs_pango
def test_files_are_removed_after_a_week_and_a_withdrawn_run_ends(portal, sign_in, monkeypatch, short):
    ids = customers(portal, REP, 12)
    rep = sign_in(REP).client
    done = begin(rep, "customer", ids)
    monkeypatch.setattr(leases.Work, "kick", lambda *_run: None)
    waits = begin(rep, "customer", ids)
    begin(rep, "customer", ids)
    assert rep.post("/prints/customer", data={"id": ids, "action": "print"}).status_code == 422
    assert rep.post(f"/prints/run/{waits}/withdraw").status_code == 302
    assert run_of(portal, waits)[0] == WITHDRAWN
    with at("2025-10-21 09:30"), portal.app_context():
        assert sweeps.tidy(clock.now()) == {"hit": 1, "removed": 1, "dropped": 0}
        session.commit()
        assert attachments.of_row("print_run", done) == []
    assert run_of(portal, done)[0] == FORGOTTEN


# -- a right of its own ------------------------------------------------------------------------------------------------


def take_away(portal, slug):
    """No role lets anybody print rows of a register any more."""
    with portal.app_context():
        pair, given = shipped._pair_ids()[slug, "print"], shipped._given
        session.execute(sa.delete(given).where(given.c.permission_view_id == pair))
        session.commit()


def test_who_reads_prints_until_the_right_is_taken_away(portal, sign_in):
    rep = sign_in(REP).client
    own = customers(portal, REP, 1)
    assert f'href="/customer/{own[0]}/print"' in rep.get(f"/customer/{own[0]}").text
    assert rep.get(f"/customer/{own[0]}/print").status_code == 200
    take_away(portal, "customer")
    page = rep.get(f"/customer/{own[0]}")
    assert page.status_code == 200
    assert f'href="/customer/{own[0]}/print"' not in page.text
    assert rep.get(f"/customer/{own[0]}/print").status_code == 403
    assert rep.post("/prints/customer", data={"id": own}).status_code == 403
    assert 'formaction="/prints/customer"' not in rep.get("/customer/").text


def test_old_grants_of_reading_bring_printing_at_the_next_start_once(portal):
    with portal.app_context():
        from flask_appbuilder.security.sqla.models import PermissionView, Role

        given, pairs = shipped._given, shipped._pair_ids()
        old = [key for (_slug, action), key in pairs.items() if action == "print"]
        own = Role(name="own_7")
        session.add(own)
        session.flush()
        session.execute(sa.insert(given).values(role_id=own.id, permission_view_id=pairs["sample", "read"]))
        session.execute(sa.delete(given).where(given.c.permission_view_id.in_(old)))
        session.execute(sa.delete(PermissionView.__table__).where(PermissionView.__table__.c.id.in_(old)))
        session.execute(sa.delete(shipped._defaults).where(shipped._defaults.c.action == "print"))
        kept = shipped.pairs_of("salesperson") - {("customer", "read")}
        shipped._revoke([(session.scalar(sa.select(Role.id).filter_by(name="salesperson")), pairs["customer", "read"])])
        assert shipped.sync_roles()["added"] == len(old)
        assert shipped.pairs_of("own_7") == {("sample", "read"), ("sample", "print")}
        now = shipped.pairs_of("salesperson")
        assert now == kept | {(slug, "print") for slug, action in kept if action == "read" and slug != "customer"
                              and "print" in catalogue.offered(slug, registers())}  # fmt: skip
        assert shipped.sync_roles() == {"added": 0, "removed": 0, "changed": 0}
