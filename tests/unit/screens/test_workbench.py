"""The workbench and the lists behind its numbers: every number leads to exactly the rows that it counted."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.db import session
from app.core.register import registers
from app.engines.deadlines.models import DeadlineClock
from app.engines.people import operations as people
from app.engines.people.models import Employee, Holding, OrgUnit
from app.screens import case_views
from tests.portal import counted, enter, find, person, portal, token
from tests.unit.screens import cases
from tests.unit.screens.cases import MONDAY

assert portal
NOW = dt.datetime(2025, 10, 15, 10, 0)
TILE = re.compile(r'<a href="([^"]*)"><span class="kz-sub">([^<]*)</span><b[^>]*>(\d+)')


@pytest.fixture
def office(portal):
    """Three complaints on their way: one late, one due today, one due later; a fourth that nobody sent on."""
    with portal.app_context():
        cases.staff()
        portal.late = cases.submitted(MONDAY)
        portal.today = cases.submitted(dt.datetime(2025, 10, 15, 9, 30))
        portal.later = cases.submitted(dt.datetime(2025, 10, 13, 9, 0))
        cases.step(portal.later, "accept", "control", dt.datetime(2025, 10, 13, 10, 0))
        cases.step(portal.later, "send_to_qc", "control", dt.datetime(2025, 10, 15, 9, 0))
        session.remove()
    return portal


def text_of(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def listed(client, path):
    """The rows that a list shows, by id."""
    found = re.findall(r'<td><a class="id" href="/complaint/(\d+)"', text_of(client, path))
    return {int(key) for key in found}


def test_every_tile_leads_to_exactly_the_rows_it_counted(office):
    with clock.freeze(NOW):
        client = enter(office, "control")
        tiles = {label: (unescape(url), int(n)) for url, label, n in TILE.findall(text_of(client, "/?_l_=en"))}
        assert {label: number for label, (_url, number) in tiles.items()} == {
            "Late": 1, "Due today": 1, "Due within seven days": 2, "My cases": 2,
        }
        for url, number in tiles.values():
            assert len(listed(client, url)) == number
        assert listed(client, tiles["Late"][0]) == {office.late}
        assert listed(client, tiles["Due today"][0]) == {office.today}


def test_bars_and_stations_lead_to_their_rows(office):
    with clock.freeze(NOW):
        client = enter(office, "control")
        page = unescape(text_of(client, "/?_l_=en"))
        bars = re.findall(r'<a href="([^"]*)"><title>[\d-]+: (\d+) due</title>', page)
        assert [int(number) for _url, number in bars].count(0) < len(bars)
        for url, number in bars:
            assert len(listed(client, url)) == int(number)
        stations = re.findall(r'href="([^"]*status__in[^"]*)">([^<]*)</a>.*?<span class="kz-xs"[^>]*>(\d+)<', page)
        assert {(label, int(number)) for _url, label, number in stations} == {("Intake", 2), ("Quality", 1)}
        for url, _label, number in stations:
            assert len(listed(client, url)) == int(number)


def test_rows_say_who_what_where_and_how_late(office):
    with clock.freeze(NOW):
        page = text_of(enter(office, "control"), "/?_l_=zh")
    for part in ("C-S 公司", "孔铜厚度不足", "送总经理室", "逾期", "本月第", "今日 "):
        assert part in page
    assert 'class="kz-seg"' in page


def test_mine_is_what_i_am_in_charge_of_or_what_waits_at_my_desk(office):
    """Two representatives of one unit hold the same post; what the one has in charge is not the other's."""
    with office.app_context():
        other = person("other", find(OrgUnit, code="S"))[0]
        people.give(other, "salesperson", find(OrgUnit, code="S"), post="B02.sales_rep", valid_from=cases.BEGUN)
        cases.overwrite(Holding, valid_from=cases.BEGUN)
        session.commit()
    with clock.freeze(NOW):
        assert listed(enter(office, "rep"), "/complaint/?stage=mine") == {office.late, office.today, office.later}
        assert listed(enter(office, "other"), "/complaint/?stage=mine") == set()
        assert listed(enter(office, "control"), "/complaint/?stage=mine") == {office.late, office.today}


def test_a_clock_that_stands_still_is_not_late(office):
    with office.app_context():
        row = session.scalars(sa.select(DeadlineClock).filter_by(record_id=office.late, stopped_at=None)).one()
        row.status, row.paused_at, row.next_at = "paused", clock.now(), None
        session.commit()
    with clock.freeze(NOW):
        assert listed(enter(office, "control"), "/complaint/?clock=late") == set()


def test_on_its_due_instant_a_clock_is_in_time(office):
    with office.app_context():
        row = session.scalars(sa.select(DeadlineClock).filter_by(record_id=office.late, stopped_at=None)).one()
        due = clock.to_local(row.due_at).replace(tzinfo=None)
    for after, late in ((0, set()), (1, {office.late})):
        with clock.freeze(due + dt.timedelta(seconds=after)):
            assert listed(enter(office, "control"), "/complaint/?clock=late") == late


def test_the_same_narrowing_for_programs(office):
    with clock.freeze(NOW):
        header = token(office, "control")
        answer = office.test_client().get("/api/v1/complaint/?clock=late", headers=header)
        assert [row["id"] for row in answer.json["result"]] == [office.late]
        days = office.test_client().get("/api/v1/complaint/?clock=2025-10-16", headers=header)
        assert [row["id"] for row in days.json["result"]] == [office.later]
        open_ = office.test_client().get("/api/v1/complaint/?stage=open", headers=header)
        assert open_.json["count"] == 3
        closed = office.test_client().get("/api/v1/complaint/?stage=closed", headers=header)
        assert closed.json["count"] == 0


@pytest.mark.parametrize("asked", ["clock=soon", "clock=2025-13-40", "stage=half", "clock="])
def test_an_unknown_value_is_a_clear_sentence(office, asked):
    answer = enter(office, "control").get(f"/complaint/?{asked}&_l_=en")
    assert answer.status_code == 400
    assert "is not one of" in answer.get_data(as_text=True)
    # a register without clocks knows no such filter
    assert enter(office, "control").get("/customer/?clock=late").status_code == 400


def test_a_filter_by_state_is_said_in_words(office):
    with clock.freeze(NOW):
        page = text_of(enter(office, "control"), "/complaint/?status__in=pending_decision,registered&_l_=en")
    [said] = re.findall(r'class="kz-chip">State <b>([^<]*)</b>', page)
    assert ("_" in said, ", " in said) == (False, True)


def test_views_above_the_list_with_counts(office):
    with clock.freeze(NOW):
        control = enter(office, "control")
        page = text_of(control, "/complaint/?clock=late&_l_=en")
        told = control.get("/api/v1/menu/counts/complaint")
    assert re.search(r'clock=late" class="active" aria-current="page">Late <small data-counted="clock=late">', page)
    assert re.search(r'stage=open">In hand <small data-counted="stage=open">', page)
    assert 'data-counts="/api/v1/menu/counts/complaint"' in page
    stages = {"stage=open": "3", "stage=mine": "2", "stage=closed": "0"}
    assert told.json == stages | {"clock=late": "1", "clock=week": "2"}
    # the chosen view is no filter chip as well
    assert "kz-chip add" in page
    assert 'aria-label="Remove the filter' not in page


def case_views_of_all():
    """The registers whose lists have the fixed views."""
    return [r for r in registers().values() if not r.detail_of and case_views.has_views(r)]


def test_counts_of_views_are_for_lists_that_have_them_and_for_readers(office):
    control = enter(office, "control")
    for slug, code in (("complaint", 200), ("customer", 404), ("complaint_pcb", 404), ("nothing", 404)):
        assert control.get(f"/api/v1/menu/counts/{slug}").status_code == code, slug
    shut = [r.slug for r in case_views_of_all() if control.get(f"/{r.slug}/").status_code == 403]
    assert shut
    assert {control.get(f"/api/v1/menu/counts/{slug}").status_code for slug in shut} == {403}


def test_the_menu_counts_my_cases_and_warns_of_a_late_one(office):
    with clock.freeze(NOW):
        control = enter(office, "control")
        assert 'data-counts="/api/v1/menu/counts"' in text_of(control, "/customer/?_l_=en")
        assert control.get("/api/v1/menu/counts").json["complaint"] == {"count": "2", "late": True}
        with office.app_context():
            cases.overwrite(DeadlineClock, due_at=clock.from_local(NOW) + dt.timedelta(9))
            session.commit()
        assert control.get("/api/v1/menu/counts").json["complaint"] == {"count": "2", "late": False}


def test_who_may_not_open_a_case_is_told_who_does(office):
    page = text_of(enter(office, "control"), "/complaint/?_l_=zh")
    assert "由以下岗位开立：业务人员、业务部经理" in page
    assert "/complaint/add" not in page
    assert "/complaint/add" in text_of(enter(office, "rep"), "/complaint/?_l_=zh")


def test_rows_out_of_reach_are_not_counted(office):
    with clock.freeze(NOW):
        page = text_of(enter(office, "ann"), "/?_l_=en")
    assert {label: int(n) for _url, label, n in TILE.findall(page)}["Late"] == 0
    assert "孔铜厚度不足" not in page


def test_somebody_without_a_person_has_a_workbench(office):
    with office.app_context():
        session.scalars(sa.select(Employee).filter_by(number="ROOT")).one().account_id = None
        session.commit()
    assert "Workbench" in text_of(enter(office, "root"), "/?_l_=en")


@pytest.mark.parametrize("path", ["/", "/complaint/?clock=late"])
def test_as_many_statements_for_fifty_cases_as_for_five(office, path):
    with clock.freeze(NOW):
        client = enter(office, "control")
        with office.app_context():
            for number in range(2):
                cases.submitted(MONDAY + dt.timedelta(minutes=number))
        text_of(client, path)
        few = statements(office, client, path)
        with office.app_context():
            for number in range(45):
                cases.submitted(MONDAY + dt.timedelta(minutes=number))
        many = statements(office, client, path)
    assert many == few
    assert many <= (45 if path == "/" else 16)


def statements(office, client, path):
    with office.app_context(), counted() as sent:
        text_of(client, path)
    return len(sent)
