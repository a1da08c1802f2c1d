"""Long imports: a host dies in the middle, two hosts go at one run, and what was left lying is taken up again."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User
from werkzeug.datastructures import FileStorage

from app.areas.customers.customer import Customer
from app.core import actor, clock, saving_many
from app.core.db import session
from app.core.register import registers
from app.engines.audit.models import AuditEntry
from app.engines.exchange import committing, runs, staging, sweeps, work
from app.engines.exchange.models import ASKED, DONE, READY, WAITING, WITHDRAWN, ImportFile, ImportRow, ImportRun
from app.engines.search.models import SearchToken
from tests.company import inside, portal

__all__ = ["inside", "portal"]
ROWS = 60


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch):
    monkeypatch.setattr(staging, "BATCH", 20)
    monkeypatch.setattr(committing, "BATCH", 20)


@pytest.fixture
def user(inside):
    found = session.scalars(sa.select(User).where(User.username == "songzhiwei")).one().id
    session.rollback()
    return found


def begun(user, rows=ROWS, extra=""):
    """A run that waits to be read, as a request leaves it."""
    import io

    lines = "".join(f"N{number:03},客户{number},buyer,13812345{number:03}\n" for number in range(rows))
    text = f"customer_no,name,side,contact_phone\n{lines}{extra}".encode()
    with actor.acting_as(user):
        run = staging.receive(registers()["customer"], FileStorage(io.BytesIO(text), "客户.csv"), "add", None)
        session.commit()
        return run.id


def state(run_id):
    run = session.get(ImportRun, run_id, populate_existing=True)
    found = run.state, run.counts, run.saved
    session.rollback()
    return found


def confirmed(user, run_id, good_only=False):
    with actor.acting_as(user):
        runs.confirm(session.get(ImportRun, run_id), good_only=good_only)
        session.commit()


def imported():
    count = session.scalar(sa.select(sa.func.count()).where(Customer.customer_no.like("N0%")))
    session.rollback()
    return count


def test_a_run_is_read_and_saved_in_batches(user):
    run = begun(user, extra="N999,,buyer,\n")
    assert work.WORK.carry_on(run)
    assert state(run) == (READY, {"new": ROWS, "bad": 1}, {})
    confirmed(user, run, good_only=True)
    assert work.WORK.carry_on(run)
    assert state(run) == (DONE, {"new": ROWS, "bad": 1}, {"new": ROWS})
    ids = session.scalars(sa.select(Customer.id).where(Customer.customer_no.like("N0%"))).all()
    assert len(ids) == ROWS
    entries = sa.select(AuditEntry).where(AuditEntry.record_id.in_(ids), AuditEntry.register == "customer")
    made = session.scalars(entries).all()
    assert {one.account_id for one in made} == {user}
    assert len({one.act for one in made}) == 1
    found = set(session.scalars(sa.select(SearchToken.row_id).where(
        SearchToken.register == "customer", SearchToken.token == "c客户", SearchToken.row_id.in_(ids),
    )))  # fmt: skip
    assert found == set(ids)
    assert session.scalar(sa.select(sa.func.count()).select_from(ImportFile)) == 0
    last = max(session.scalars(sa.select(Customer.id)))
    with actor.acting_as(user):
        session.add(Customer(customer_no="Z1", name="其后", unit_id=session.get(Customer, ids[0]).unit_id))
        session.flush()
        assert session.scalar(sa.select(sa.func.max(Customer.id))) == last + 1
    session.rollback()


def test_a_host_that_dies_while_reading_leaves_a_run_that_begins_again(user, monkeypatch):
    run, batches = begun(user), []

    def dies(*given):
        batches.append(given)
        if len(batches) == 2:
            raise KeyboardInterrupt

    keep = staging._insert
    monkeypatch.setattr(staging, "_insert", lambda *given: (dies(*given), keep(*given)))
    with clock.freeze(dt.datetime(2025, 10, 10, 9, 0)):
        with pytest.raises(KeyboardInterrupt):
            work.WORK.carry_on(run)
        session.rollback()
        assert session.scalar(sa.select(sa.func.count()).select_from(ImportRow)) == 20
        session.rollback()
        assert not work.WORK.carry_on(run)
        assert work.WORK.left_lying() == []
        session.rollback()
    monkeypatch.setattr(staging, "_insert", keep)
    with clock.freeze(dt.datetime(2025, 10, 10, 9, 2)):
        assert work.WORK.left_lying() == [run]
        session.rollback()
        assert work.WORK.carry_on(run)
    assert state(run)[:2] == (READY, {"new": ROWS})
    assert session.scalar(sa.select(sa.func.count()).select_from(ImportRow)) == ROWS


def test_a_host_that_dies_while_saving_leaves_nothing_and_the_next_saves_all(user, monkeypatch):
    run = begun(user)
    work.WORK.carry_on(run)
    confirmed(user, run)
    create, calls = saving_many.create_many, []

    def dies(*given):
        calls.append(given)
        if len(calls) == 3:
            raise KeyboardInterrupt
        create(*given)

    monkeypatch.setattr(saving_many, "create_many", dies)
    with pytest.raises(KeyboardInterrupt):
        work.WORK.carry_on(run)
    session.rollback()
    assert imported() == 0
    assert state(run)[0] == ASKED
    monkeypatch.setattr(saving_many, "create_many", create)
    assert work.WORK.left_lying() == [run]
    session.rollback()
    assert list(sweeps.resume(clock.now())) == [{"checked": 1, "hit": 1}]
    with work.nobody_else():
        pass
    assert state(run) == (DONE, {"new": ROWS}, {"new": ROWS})
    assert imported() == ROWS


def test_two_hosts_save_one_run_once(portal, user):
    run = begun(user)
    work.WORK.carry_on(run)
    confirmed(user, run)
    session.remove()
    ready, done = threading.Barrier(2), []

    def host():
        with portal.app_context():
            ready.wait()
            done.append(work.WORK.carry_on(run))
            session.remove()

    hosts = [threading.Thread(target=host) for _n in range(2)]
    for one in hosts:
        one.start()
    for one in hosts:
        one.join()
    assert sorted(done) == [False, True]
    assert state(run) == (DONE, {"new": ROWS}, {"new": ROWS})
    assert imported() == ROWS


def test_a_run_that_is_withdrawn_while_it_is_read_stops(user, monkeypatch):
    run, keep = begun(user), staging._insert

    def withdrawn(staged, *given):
        keep(staged, *given)
        session.execute(sa.update(ImportRun).where(ImportRun.id == run).values(state=WITHDRAWN))

    monkeypatch.setattr(staging, "_insert", withdrawn)
    work.WORK.carry_on(run)
    assert session.scalar(sa.select(sa.func.count()).select_from(ImportRow)) == 0
    assert state(run)[0] == WAITING  # what the withdrawal wrote was in the batch that was given up


def test_what_nobody_confirms_is_forgotten_after_a_week(user):
    run = begun(user)
    work.WORK.carry_on(run)
    with actor.acting_as(user):
        told = sweeps.tidy(clock.now() + dt.timedelta(days=8))
    session.commit()
    assert told["hit"] == 1
    assert state(run)[0] == WITHDRAWN
    assert session.scalar(sa.select(sa.func.count()).select_from(ImportRow)) == 0
