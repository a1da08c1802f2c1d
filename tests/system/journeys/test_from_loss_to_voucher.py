"""The complaint of 120,000 yuan after it was closed: loss, people, two months of deductions, papers, vouchers."""

from __future__ import annotations

import pytest

from tests.system.journeys import aftermath
from tests.system.journeys.aftermath import BOOKS, CONTROL, GENERAL, HEAD, LI, MANAGER, PERSONNEL, QIAN, REP, ZHAO
from tests.system.journeys.desk import Office

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LOSSES = (
    ({"kind": "claim", "actual_amount": "12000"}, "12,000.00"),
    ({"kind": "discount", "actual_amount": "3500"}, "3,500.00"),
    ({"kind": "return", "quantity": "500", "unit_price": "86"}, "500 × 86.00 × 20 % = 8,600.00"),
    ({"kind": "resend", "quantity": "40", "unit_price": "120"}, "40 × 120.00 = 4,800.00"),
    ({"kind": "rework", "processing_cost": "2300", "freight": "450"}, "2,300.00 + 450.00 = 2,750.00"),
)
SHARES = ((ZHAO, "60", "18,990.00", "申诫一次"), (QIAN, "30", "9,495.00", "悔过书"), (LI, "10", "3,165.00", "悔过书"))
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def paper(tmp_path):
    """A scanned document."""
    made = tmp_path / "客户签章证明.pdf"
    made.write_bytes(PDF)
    return made


def test_a_closed_complaint_goes_on_to_people_and_to_the_books(office, at, paper):
    at("2025-09-10 10:00")
    number = aftermath.closed(office)
    _loss_and_shares(office, number)
    sanctions = _sanctions(office)
    _own_and_nobody_elses(office, sanctions)
    _announced(office, sanctions)
    _noticed(office, number)
    at("2025-10-09 10:00")
    _first_month(office)
    at("2025-11-06 10:00")
    _second_month(office)
    _discount(office, number, paper)
    _returns(office, number, paper)
    _recovery(office, number)


def _loss_and_shares(office: Office, number: str) -> None:
    """31,650.00 by the table, 60 : 30 : 10; each amount is seen before it is saved."""
    control = office.person(CONTROL)
    control.open_case(number)
    control.add_here("loss_sheet")
    control.fill(responsible_unit_id="制造一部压合课", judgement="未依制作规范备料。")
    control.send()
    sheet = control.heading()
    for fields, shows in LOSSES:
        aftermath.line(control, "loss_item", shows, **fields)
    control.tab("main")
    assert control.value("Total loss") == "31,650.00"
    control.sees("叁万壹仟陆佰伍拾元整")
    for account, percent, amount, _grade in SHARES:
        aftermath.line(control, "responsibility_share", amount, bearer_type="person", share_percent=percent,
                       employee_id=aftermath.NAMES[account], fault_item="item_3")  # fmt: skip
    control.tab("main")
    assert control.value("Sum of the shares") == "100 %"
    control.take("submit")
    aftermath.approve(office, HEAD, sheet)
    control.open_case(sheet, "loss_sheet")
    control.is_at("approved", "loss_sheet")
    control.sees(*(amount for _account, _percent, amount, _grade in SHARES))


def _sanctions(office: Office) -> dict[str, str]:
    """A sanction by the table for each of the three, all approved; their numbers by person."""
    control = office.person(CONTROL)
    rows = control.tab("sanction").locator("tbody tr").all_inner_texts()
    found = {account: row.split()[0] for account, name in aftermath.NAMES.items() for row in rows if name in row}
    assert len(found) == len(rows) == len(SHARES)
    for account, _percent, amount, grade in SHARES:
        aftermath.sanction(office, found[account], account)
        control.open_case(found[account], "sanction")
        assert (control.value("Amount borne"), control.value("Grade")) == (amount, grade)
    for account in (QIAN, LI):
        aftermath.letter(office, account)
    return found


def _own_and_nobody_elses(office: Office, sanctions: dict[str, str]) -> None:
    zhao = office.person(ZHAO)
    zhao.open_register("sanction")
    assert zhao.page.locator("table.list tbody tr").count() == 1
    zhao.open_only_row()
    assert zhao.heading() == sanctions[ZHAO]
    mine = zhao.case_id
    office.person(QIAN).cannot_see(f"/sanction/{mine}")
    zhao.open_register("responsibility_share")
    assert "18,990.00" in zhao.text()
    assert "9,495.00" not in zhao.text()


def _announced(office: Office, sanctions: dict[str, str]) -> None:
    control, personnel = office.person(CONTROL), office.person(PERSONNEL)
    control.open_register("personnel_announcement")
    control.add(month="2025-09", sanctions=list(sanctions.values()))
    control.send()
    number = control.heading()
    control.take("send")
    personnel.open_case(number, "personnel_announcement")
    personnel.take("publish")
    personnel.is_at("published", "personnel_announcement")
    personnel.sees(*aftermath.NAMES.values())


def _noticed(office: Office, number: str) -> None:
    """One notice for the case; its three copies are acknowledged."""
    control = office.person(CONTROL)
    control.open_case(number)
    control.add_here("penalty_notice")
    control.fill(reason_item="未依制作规范备料、用料。")
    control.send()
    notice = control.heading()
    assert control.value("Loss") == "31,650.00"
    control.take("submit")
    aftermath.approve(office, GENERAL, notice)
    books = office.person(BOOKS)
    books.open_case(notice, "penalty_notice")
    books.is_at("approved", "penalty_notice")
    control.open_case(notice, "penalty_notice")
    assert control.tab("copies").locator("tbody tr").count() == 3


def _first_month(office: Office) -> None:
    """Fines first (400.00 of the reprimand, 200.00 beside a letter), then half of the bonus at most."""
    aftermath.pay(office, "2025-09", **{ZHAO: ("60", "1800.00"), QIAN: ("30", "2000.00"), LI: ("40", "1500.00")})
    aftermath.month_end(office, "2025-09")
    zhao = office.person(ZHAO)
    zhao.open_register("pay_item")
    zhao.open_only_row()
    told = ("Bonus of the month", "Fines of sanctions", "Cap of the month", "Deducted", "Paid out")
    assert [zhao.value(name) for name in told] == ["1,800.00", "400.00", "900.00", "900.00", "500.00"]
    _owes(office, ZHAO, "18,990.00", "900.00", "18,090.00")
    _owes(office, QIAN, "9,495.00", "1,000.00", "8,495.00")
    _owes(office, LI, "3,165.00", "750.00", "2,415.00")


def _second_month(office: Office) -> None:
    aftermath.pay(office, "2025-10", **{ZHAO: ("60", "2000.00"), QIAN: ("30", "2000.00"), LI: ("40", "6000.00")})
    aftermath.month_end(office, "2025-10")
    _owes(office, ZHAO, "18,990.00", "1,900.00", "17,090.00")
    _owes(office, QIAN, "9,495.00", "2,000.00", "7,495.00")
    _owes(office, LI, "3,165.00", "3,165.00", "0.00")


def _owes(office: Office, account: str, amount: str, taken: str, left: str) -> None:
    """A person reads his own deduction: what he owes, what was taken, what is left."""
    person = office.person(account)
    person.open_register("payroll_deduction")
    person.open_only_row()
    assert [person.value(name) for name in ("Amount owed", "Deducted", "Outstanding")] == [amount, taken, left]


def _discount(office: Office, number: str, paper) -> None:
    """3,500.00: no more than was decided, posted with seal and proof, and only once."""
    rep = office.person(REP)
    made = aftermath.certificate(office, number, paper, "2025-11-06")
    _posted_once(office, made, "return_certificate", "3,500.00")
    rep.open_register("return_certificate")
    rep.add(complaint_id=number, kind="discount", original_invoice="FP20250801", discount_amount="114500.01",
            net_amount="1.00")  # fmt: skip
    rep.send_in_vain()
    assert "0.01" in rep.problems()[0]


def _posted_once(office: Office, number: str, slug: str, amount: str) -> None:
    books = office.person(BOOKS)
    books.open_case(number, slug)
    books.take("post")
    books.is_at("posted", slug)
    assert "post" not in books.steps()
    here = f"/{slug}/{books.case_id}/move/post"
    with books.refusing(422):
        books.page.goto(f"{books.address}{here}")
    books.open_register("accounting_voucher")
    rows = books.page.locator("table.list tbody tr").filter(has_text=number)
    assert rows.count() == 1
    assert amount in rows.inner_text()


def _returns(office: Office, number: str, paper) -> None:
    """505 for 490 on the slip is within two per cent of 500; ten more are above and wait for a petition."""
    manager, books, rep = office.person(MANAGER), office.person(BOOKS), office.person(REP)
    manager.open_register("return_tolerance")
    manager.add(customer_id="苏州启衡电子有限公司", order_no="PO250926", ratio_percent="2", valid_from="2025-11-01")
    manager.send()
    within = aftermath.returned(office, number, "490", "505", "490 × 86.00 = 42,140.00")
    books.open_case(within, "goods_return")
    books.is_at("received", "goods_return")
    assert books.value("Amount returned") == "43,430.00"
    aftermath.proven(rep, within, paper, "505")
    _posted_once(office, within, "goods_return", "43,430.00")
    above = aftermath.returned(office, number, "10", "10", "10 × 86.00 = 860.00")
    aftermath.proven(rep, above, paper, "10")
    books.open_case(above, "goods_return")
    books.is_at("over_tolerance", "goods_return")
    assert not books.offers("move/post")
    books.take("put_up", petition_text="客户多退 5 件，请准按实退量入账。")
    aftermath.approve(office, MANAGER, above, excess_instruction="准按实退量入账。")
    _posted_once(office, above, "goods_return", "860.00")


def _recovery(office: Office, number: str) -> None:
    """What the complaint concerns is left out of what was due: 105,000 ÷ (200,000 − 60,000)."""
    books, rep = office.person(BOOKS), office.person(REP)
    books.open_register("recovery_exclusion")
    books.add(complaint_id=number, month="2025-10", excluded_amount="60000.00")
    books.send()
    books.open_register("recovery_rate")
    books.add(employee_id="许文静", month="2025-10", receivable_due="200000.00", collected="105000.00")
    books.reckons("105,000.00 ÷ (200,000.00 − 60,000.00)")
    books.send()
    books.take("confirm")
    rep.open_register("recovery_rate")
    rep.open_only_row()
    assert (rep.value("Recovery rate"), rep.value("Left out")) == ("75 %", "60,000.00")
