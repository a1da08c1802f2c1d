"""Cases that somebody watches: each step is told once, the workbench and the list show them, what is foreign is not."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.db import session
from app.engines.notifications.models import OutboxMessage
from app.engines.people.models import Employee, Holding, OrgUnit
from app.engines.watching.models import Watch
from tests.portal import enter, find, person, portal, row_id
from tests.unit.screens import cases
from tests.unit.screens.cases import MONDAY

assert portal
NOW = dt.datetime(2025, 10, 15, 10, 0)


@pytest.fixture
def office(portal):
    with portal.app_context():
        cases.staff()
        portal.case, portal.other = cases.submitted(MONDAY), cases.submitted(MONDAY)
        session.remove()
    with clock.freeze(NOW):
        yield portal


def told(office, number):
    """What somebody was told as a watcher."""
    with office.app_context():
        wanted = sa.select(OutboxMessage.text, OutboxMessage.params, OutboxMessage.url).where(
            OutboxMessage.person_id == row_id(Employee, number=number), OutboxMessage.event.startswith("watch:")
        )
        found = session.execute(wanted.order_by(OutboxMessage.id)).all()
        session.remove()
    return found


def accept(office, case, at=NOW):
    with office.app_context():
        cases.step(case, "accept", "control", at)
        session.remove()


def test_who_watches_is_told_of_every_step_and_the_actor_is_not(office):
    manager, control = enter(office, "manager"), enter(office, "control")
    for client in (manager, control, manager):
        answer = client.post(f"/watch/complaint/{office.case}", follow_redirects=True)
        assert answer.status_code == 200
        assert f"/watch/complaint/{office.case}/end" in answer.text
    accept(office, office.case)
    accept(office, office.other)
    (line,) = told(office, "MANAGER")
    assert line.url == f"/complaint/{office.case}"
    assert told(office, "CONTROL") == [], "he did it himself"
    page = manager.get("/notices/?_l_=en").text
    assert "“251001”, which you watch, is now: Numbered and logged" in page


def test_the_workbench_and_the_list_show_what_is_watched(office):
    manager = enter(office, "manager")
    assert "watched=me" not in manager.get("/").text
    manager.post(f"/watch/complaint/{office.case}")
    assert "/complaint/?watched=me" in manager.get("/").text
    page = manager.get("/complaint/?watched=me").text
    assert f'href="/complaint/{office.case}"' in page
    assert f'href="/complaint/{office.other}"' not in page
    rows = manager.get("/api/v1/complaint/?watched=me").json
    assert [row["id"] for row in rows["result"]] == [office.case]
    assert manager.get("/complaint/?watched=you").status_code == 400
    assert enter(office, "control").get("/api/v1/complaint/?watched=me").json["count"] == 0


def test_watching_ends(office):
    manager = enter(office, "manager")
    manager.post(f"/watch/complaint/{office.case}")
    assert manager.post(f"/watch/complaint/{office.case}/end").status_code == 302
    accept(office, office.case)
    assert told(office, "MANAGER") == []
    assert "watched=me" not in manager.get("/").text


def test_nobody_is_told_of_what_he_may_read_no_more(office):
    manager = enter(office, "manager")
    manager.post(f"/watch/complaint/{office.case}")
    with office.app_context():
        for holding in session.scalars(sa.select(Holding).filter_by(owner_id=row_id(Employee, number="MANAGER"))):
            holding.valid_to = NOW.date() - dt.timedelta(days=1)
        session.commit()
    accept(office, office.case)
    assert told(office, "MANAGER") == []
    assert manager.post(f"/watch/complaint/{office.case}").status_code == 404


def test_what_is_foreign_unknown_or_no_case_is_not_watched(office):
    with office.app_context():
        person("stranger", find(OrgUnit, code="G"))
        session.commit()
    stranger, manager = enter(office, "stranger"), enter(office, "manager")
    assert stranger.post(f"/watch/complaint/{office.case}").status_code == 404
    assert manager.post("/watch/complaint/999999").status_code == 404
    assert manager.post("/watch/nothing/1").status_code == 404
    assert manager.post("/watch/customer/1").status_code == 422
    with office.app_context():
        assert session.scalar(sa.select(sa.func.count()).select_from(Watch)) == 0
