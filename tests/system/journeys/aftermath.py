"""What follows a closed complaint, as far as the story of its consequences needs it: each at his own browser."""

from __future__ import annotations

from pathlib import Path

from tests.system.journeys import route
from tests.system.journeys.desk import Office, Person

CONTROL, REP, MANAGER, DEPUTY, GENERAL = route.CONTROL, route.REP, route.MANAGER, route.DEPUTY, route.GENERAL
BOOKS, STORE, PERSONNEL = route.BOOKS, "caodaming", "jiangyun"
HEAD, OTHER_HEAD = "hanzhiqiang", "shenguodong"
ZHAO, QIAN, LI = "zhaoguodong", "qianxiaolong", "lilihua"
NAMES = {ZHAO: "赵国栋", QIAN: "钱小龙", LI: "李丽华"}
HEADS = {ZHAO: HEAD, QIAN: HEAD, LI: OTHER_HEAD}
UNITS = {ZHAO: "制造一部压合课", QIAN: "制造一部压合课", LI: "制造二部钻孔课"}


def closed(office: Office) -> str:
    """The complaint of 120,000 yuan, decided with 118,000.00 and 500 pieces to come back; its number."""
    route.report(office, claimed_amount="120000.00", receivable_amount="60000.00", return_qty_requested="500",
                 customer_demand=["claim", "return"])  # fmt: skip
    number = route.accept(office)
    route.investigate(office, number)
    route.put_up(office, number, "118000.00")
    decider = route.decide(office, number, DEPUTY, decided_amount="118000.00", approved_return_qty="500")
    route.talk(office, number, accepted=True, promised="118000.00", told_at="2025-09-10T10:00", quantity="500")
    decider.open_approval(number)
    decider.answer("approve", needs_tracking=False)
    return number


def line(person: Person, slug: str, shows: str, **fields: str) -> None:
    """A line of the record on the page; what it comes to stands beside the form before it is saved."""
    person.add_here(slug)
    person.fill(**fields)
    person.reckons(shows)
    person.send()


def approve(office: Office, account: str, number: str, **fields: str) -> None:
    """Somebody agrees in his inbox."""
    person = office.person(account)
    person.open_approval(number)
    person.answer("approve", **fields)


def sanction(office: Office, number: str, account: str) -> None:
    """Put up by case control, countersigned by the person's head, approved by the general manager."""
    control = office.person(CONTROL)
    control.open_case(number, "sanction")
    control.is_at("proposed", "sanction")
    control.take("submit")
    approve(office, HEADS[account], number)
    approve(office, GENERAL, number)


def letter(office: Office, account: str) -> None:
    """The person writes his letter of repentance, case control accepts it."""
    writer, control = office.person(account), office.person(CONTROL)
    writer.open_register("repentance_letter")
    writer.open_only_row()
    writer.take("submit", text="本人未依规范备料，造成客户损失，今后严格遵守。")
    control.open_register("repentance_letter")
    control.open_row(NAMES[account])
    control.take("accept")


def pay(office: Office, month: str, **bonuses: tuple[str, str]) -> None:
    """Accounting enters points and bonuses of a month."""
    books = office.person(BOOKS)
    for account, (points, bonus) in bonuses.items():
        books.open_register("pay_item")
        books.add(month=month, employee_id=NAMES[account], group_id=UNITS[account], points=points, bonus=bonus)
        books.send()


def month_end(office: Office, month: str) -> None:
    """The run of a month: reckoned and reviewed by accounting, approved, taken."""
    books = office.person(BOOKS)
    books.open_register("payroll_run")
    books.add(month=month)
    books.send()
    books.take("propose")
    books.take("review")
    number = books.heading()
    assert books.steps() == []
    approve(office, GENERAL, number)
    books.open_case(number, "payroll_run")
    books.is_at("approved", "payroll_run")
    books.take("take")
    books.is_at("taken", "payroll_run")


def proven(person: Person, slip: str, paper: Path, quantity: str) -> None:
    """The proof of a return, from the slip's own page."""
    person.open_case(slip, "goods_return")
    person.add_here("return_proof")
    person.fill(proof_type="return_certificate_sealed", returned_qty=quantity, buyer_seal=True, file=str(paper))
    person.send()


def returned(office: Office, number: str, quantity: str, counted: str, worth: str) -> str:
    """A slip drawn up by sales, verified, counted and signed for; a difference is instructed. Its number."""
    rep, store = office.person(REP), office.person(STORE)
    rep.open_register("goods_return")
    rep.add(complaint_id=number, handling="return", return_reason="分层", return_basis="依核决批示",
            slip_qty=quantity, unit_price="86.00")  # fmt: skip
    rep.reckons(worth)
    rep.send()
    slip = rep.heading()
    rep.take("submit")
    approve(office, MANAGER, slip)
    store.open_case(slip, "goods_return")
    assert store.steps() == ["count"]
    store.take("count", actual_qty=counted)
    if counted != quantity:
        store.is_at("difference", "goods_return")
        approve(office, MANAGER, slip, difference_instruction="按实际数量签收。")
        store.open_case(slip, "goods_return")
        store.take("sign")
    return slip


def certificate(office: Office, number: str, paper: Path, sealed_on: str) -> str:
    """A discount certificate with two signatures, the customer's seal and its proof; its number."""
    rep = office.person(REP)
    rep.open_register("return_certificate")
    rep.add(complaint_id=number, kind="discount", original_invoice="FP20250801", discount_amount="3500.00",
            net_amount="90000.00")  # fmt: skip
    rep.reckons("叁仟伍佰元整")
    rep.send()
    made = rep.heading()
    rep.take("submit")
    approve(office, MANAGER, made)
    approve(office, DEPUTY, made)
    rep.open_case(made, "return_certificate")
    rep.take("seal", customer_sealed_on=sealed_on)
    rep.fill_again("edit", proof_type="certificate_sealed", proof_file=str(paper))
    return made
