"""One complaint of 120,000 yuan from its first report until it is closed and its copies are acknowledged."""

from __future__ import annotations

import pytest

from tests.system.journeys import route
from tests.system.journeys.desk import Office

COPIES = 5
pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_complaint_goes_from_first_report_to_its_copies(office, at):
    at("2025-09-26 14:30")
    rep = route.report(office, claimed_amount="120000.00")
    case = f"/complaint/{rep.case_id}"
    assert rep.steps() == []
    for stranger in (route.COLLEAGUE, route.QC, route.SECTION, route.RD, route.BOOKS):
        office.person(stranger).cannot_see(case)
    number = route.accept(office)
    assert number == "250901"
    _case_clock(office, number)
    route.investigate(office, number, research=True)
    office.person(route.OTHER_SECTION).cannot_see(case)
    at("2025-09-28 10:00")
    route.put_up(office, number, "118000.00")
    _only_the_deputy_general_manager_decides(office, number, case)
    decider = route.decide(office, number, route.DEPUTY, decided_amount="118000.00", approved_return_qty="0")
    decider.sees("没有待您决定的事项")
    at("2025-09-29 09:30")
    route.talk(office, number, accepted=True, promised="118000.00", told_at="2025-09-29T09:00")
    decider.open_approval(number)
    decider.answer("approve", needs_tracking=True)
    decider.find(number)
    decider.is_at("closed")
    _archive(office, number)


def _case_clock(office: Office, number: str) -> None:
    """Thirteen working days over the National Day holiday; every day is explained."""
    control = office.person(route.CONTROL)
    control.open_case(number)
    assert control.clocks()["结案期限"] == "2025-10-21 23:59:59"
    assert control.steps() == ["send_to_qc"]
    control.page.locator(".kz-clockcard", has_text="结案期限").locator("[data-drawer]").click()
    drawer = control.page.locator("dialog[open]").inner_text()
    assert "国庆" in drawer
    assert "补班" in drawer or "调休" in drawer
    control.page.keyboard.press("Escape")


def _only_the_deputy_general_manager_decides(office: Office, number: str, case: str) -> None:
    control, manager = office.person(route.CONTROL), office.person(route.MANAGER)
    control.open_case(number)
    assert control.value("Deciding post") == control.post("deputy_gm")
    manager.inbox()
    assert number not in manager.text()
    with manager.refusing(403):
        manager.page.goto(f"{manager.address}{case}/move/decide")
    manager.sees("副总经理")


def _archive(office: Office, number: str) -> None:
    """Five copies went out, each holder acknowledges his; sales may not print, accounting may."""
    control = office.person(route.CONTROL)
    control.open_case(number)
    assert control.tab("copies").locator("tbody tr").count() == COPIES
    for copy, holder in enumerate((route.QC, route.SECTION, route.MANAGER, route.BOOKS, route.CONTROL), start=1):
        person = office.person(holder)
        person.open_copy(number, copy)
        person.take("acknowledge")
    control.open_case(number)
    assert control.tab("copies").locator("tbody .kz-state.is-ok").count() == COPIES
    rep, books = office.person(route.REP), office.person(route.BOOKS)
    rep.open_case(number)
    assert not rep.offers("print")
    books.open_case(number)
    books.print_it(copy=4)
