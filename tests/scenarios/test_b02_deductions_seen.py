"""B02 deductions: who sees them, prints and the report of the month."""

from __future__ import annotations

from tests.portal import unreached
from tests.scenarios.consequences import CONTROL, DEPUTY, GENERAL, HEAD, HR, REP, ZHAO
from tests.scenarios.deducting import desk
from tests.scenarios.desk import BOOKS, MANAGER, at
from tests.scenarios.payroll import OTHER

__all__ = ["desk"]


STRANGERS = (OTHER, MANAGER, CONTROL, HEAD, HR, ZHAO)
SEES_ALL = (BOOKS, GENERAL, DEPUTY)


def test_a_person_sees_his_own_and_nobody_else_does_without_need(portal, desk):
    with at("2025-09-10 10:00"):
        desk.owes("350.00", (REP, "100"))
        desk.pay("2025-09", REP, "500.00")
    run = desk.took("2025-09")
    with at("2025-10-10 10:00"):
        slugs = ("pay_item", "payroll_deduction", "deduction_instalment")
        keys = {slug: desk.rows(BOOKS, slug)[0]["id"] for slug in slugs}
        for slug, key in keys.items():
            for who in (REP, *SEES_ALL):
                assert [row["id"] for row in desk.rows(who, slug)] == [key], (slug, who)
                assert desk.get(who, slug, key)["employee_id"] == desk.person[REP]
                assert page(desk, who, f"/{slug}/{key}").status_code == 200
            for who in STRANGERS:
                unseen(desk, who, slug, key)
        for who in (REP, *STRANGERS):
            desk.as_(who).call("GET", f"payroll_run/{run}", 403)
            assert page(desk, who, f"/payroll_run/{run}/print").status_code == 403
        told = {who: "2025-09 月" in page(desk, who, "/notices/").text for who in (REP, *STRANGERS, *SEES_ALL)}
        assert [who for who, found in told.items() if found] == [REP]


def unseen(desk, who, slug, key):
    """By list, filter, search, export, row, explanation, page and print."""
    client = desk.as_(who).client
    for query in ("", f"?employee_id={desk.person[REP]}", "?q=2025-09", "?q=JF"):
        answer = client.get(f"/api/v1/{slug}/{query}")
        assert answer.status_code == 403 or answer.get_json()["result"] == [], (who, slug, query)
    for path in (f"/api/v1/{slug}/{key}", f"/api/v1/{slug}/{key}/explain", f"/{slug}/{key}",
                 f"/{slug}/{key}/print", f"/{slug}/{key}/print?format=pdf"):  # fmt: skip
        assert client.get(path).status_code == unreached(client, slug), (who, path)
    assert client.get(f"/{slug}/{key}/edit").status_code == 403, (who, slug)  # nobody of these changes any
    for path in (f"/{slug}/", f"/{slug}/?q=2025-09", f"/lookup/{slug}?q=2025"):
        answer = client.get(path)
        assert f"/{slug}/{key}" not in answer.text, (who, path)
        assert "350.00" not in answer.text, (who, path)


def page(desk, who, path):
    """A page as somebody gets it."""
    return desk.as_(who).client.get(path)


def test_prints_list_the_month_and_tell_the_person_in_capitals(portal, desk):
    with at("2025-09-10 10:00"):
        desk.owes("350.00", (REP, "100"))
        desk.pay("2025-09", REP, "500.00")
    run = desk.took("2025-09")
    with at("2025-10-10 10:00"):
        listed = page(desk, BOOKS, f"/payroll_run/{run}/print").text
        for word in ("绩效奖金罚扣明细表", "许文静", "250.00", "100.00", "贰佰伍拾元整", "梁伟东"):
            assert word in listed, word
        item = desk.rows(BOOKS, "pay_item")[0]["id"]
        for who in (REP, BOOKS):
            told = page(desk, who, f"/pay_item/{item}/print").text
            assert told.count("贰佰伍拾元整") == 2
        shown = page(desk, BOOKS, f"/payroll_run/{run}").text
        assert "许文静" in shown
        assert "贰佰伍拾元整" in shown
        assert "贰佰伍拾元整" in page(desk, REP, f"/pay_item/{item}").text


def test_the_report_of_the_month_shows_what_its_reader_may_see(portal, desk):
    with at("2025-09-10 10:00"):
        desk.owes("350.00", (REP, "50"), (OTHER, "50"))
        desk.pay("2025-09", REP, "500.00")
        desk.pay("2025-09", OTHER, "300.00")
    desk.took("2025-09")
    with at("2025-10-10 10:00"):
        whole = page(desk, BOOKS, "/reports/B02.deductions?month=2025-09").text
        for word in ("许文静", "林嘉豪", "175.00", "150.00"):
            assert word in whole, word
        for who in (REP, HEAD, CONTROL, MANAGER, GENERAL):
            refused = page(desk, who, "/reports/B02.deductions?month=2025-09")
            assert "175.00" not in refused.text, who
        assert "175.00" not in page(desk, BOOKS, "/reports/B02.deductions?month=2025-08").text
