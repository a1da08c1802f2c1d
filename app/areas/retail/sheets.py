"""Commission sheets: made out of a signed deal by the rates of the policy, paid, and taken back line by line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.consequences.operations import open_case
from app.areas.retail import calc, leads
from app.areas.retail.calc import Part, Person
from app.areas.retail.commission_line import CommissionLine
from app.areas.retail.commission_rate import CommissionRate
from app.areas.retail.commission_sheet import CommissionSheet
from app.areas.retail.sales_order import SalesOrder
from app.areas.visits.operations import CustomerEvent
from app.core import clock, moves
from app.core.db import session
from app.core.errors import Problem, Refusal
from app.core.hooks import Moved, Step, effect, guard
from app.core.register import registers
from app.core.saving import Draft, check
from app.engines.calculating.operations import amount_of
from app.engines.people import operations as people
from app.engines.people.models import Employee, Holding, OrgUnit
from app.engines.policy import operations as policy

if TYPE_CHECKING:
    from app.packs.commission import Commission, Share

FORMULA = "share_of_total"
BASES = {"consultant": "consultant", "developer": "own", "participants": "joint", "pool": "pool"}
POOL, SPECIAL, CAUTIOUS = "pool", "special", "mortgage"
COUNTED = ("in_force", "ended")
ENDED = ("reversed", "rejected", "booked")


def way_of(order: Any) -> str:
    """As which way of payment a deal counts: its own, or what the approved special terms say, else the lower one."""
    if order.payment != SPECIAL:
        return str(order.payment)
    plan: Any = session.get(registers()["payment_plan"].model, order.payment_plan_id or 0)
    return (plan.commission_class if plan else None) or CAUTIOUS


def _rules(order: Any) -> Commission:
    rules = policy.pack_for(order.pack_version_id).commission
    if rules is None:
        raise Refusal(Problem(_("This policy shares no commission."), None, "commission"))
    return rules


def _rate(order: Any, share: Share, way: str) -> Decimal:
    """The rate on the day of signing: one that the company approved for that day, else that of the policy."""
    own = sa.select(CommissionRate.rate).where(
        CommissionRate.adopter_id == order.adopter_id, CommissionRate.status == "in_force",
        CommissionRate.source == order.source, CommissionRate.payment == way, CommissionRate.side == share.to,
        CommissionRate.valid_from <= order.signed_on,
        sa.func.coalesce(CommissionRate.valid_to, order.signed_on) >= order.signed_on,
    )  # fmt: skip
    known = session.scalar(own.order_by(CommissionRate.valid_from.desc(), CommissionRate.id.desc()).limit(1))
    pack = policy.pack_for(order.pack_version_id)
    settings = policy.settings_for(pack, order.adopter_id, order.signed_on)
    return Decimal(known if known is not None else settings.resolve(share.rates[way]))


def _side(order: Any, share: Share, rules: Commission) -> list[Person]:
    """Who stands on one side of a deal."""
    if share.to == POOL:
        return list(members(order, rules))
    event: Any = session.get(CustomerEvent, order.event_id or 0)
    taking_part = (event.staff or []) if event is not None else []
    ids = {"consultant": [order.consultant_id], "developer": [order.developer_id], "participants": taking_part}
    wanted = [key for key in ids[share.to] if key]
    found = session.scalars(sa.select(Employee).where(Employee.id.in_(wanted)))
    return [Person(one.id, one.number, one.unit_id) for one in found]


def members(order: Any, rules: Commission) -> Iterator[Person]:
    """Everybody who held a post of the pool on the day of signing, by staff number."""
    codes = [f"{order.policy}.{post}" for post in rules.pool]
    within = OrgUnit.path.startswith(people.path_of(order.adopter_id), autoescape=True)
    held = (
        sa.select(Employee.id, Employee.number, Employee.unit_id)
        .join(Holding, Holding.owner_id == Employee.id)
        .join(OrgUnit, OrgUnit.id == Holding.unit_id)
        .where(Holding.post.in_(codes), Holding.holds_on(order.signed_on), within)
    )
    for row in session.execute(held.distinct().order_by(Employee.number)):
        yield Person(row.id, row.number, row.unit_id)


def worked_out(order: Any) -> list[Part]:
    """The parts of everybody in the commission of a deal; raises ``Refusal`` when a share has nobody to get it."""
    rules, way, found = _rules(order), way_of(order), list[Part]()
    for share in rules.sources[order.source]:
        rate, side = _rate(order, share, way), _side(order, share, rules)
        amount = amount_of(order, FORMULA, {"base_amount": order.total, "rate": rate}).amount or Decimal(0)
        if not side:
            raise Refusal(
                Problem(_("Nobody is there to get this share of the commission."), None, share.to, share.clause)
            )
        found += calc.parts(amount, side, BASES[share.to], rate)
    return found


# -- sheets ----------------------------------------------------------------------------------------------------------


def live_sheet(order_id: int) -> Any:
    """The sheet of a deal that counts, if there is one."""
    found = sa.select(CommissionSheet).where(
        CommissionSheet.order_id == order_id, CommissionSheet.kind == "commission",
        CommissionSheet.status.not_in(ENDED),
    )  # fmt: skip
    return session.scalars(found.order_by(CommissionSheet.id.desc()).limit(1)).first()


@guard("no_live_sheet")
def no_live_sheet(step: Step) -> Iterable[Problem]:
    """A deal has one sheet at a time."""
    if live_sheet(step.whole.record.id) is not None:
        yield Problem(_("This deal has its commission sheet already."), None, "unique", step.move.clause)


@effect("make_sheet")
def make_sheet(moved: Moved) -> None:
    """Work out the commission of a deal and put it before those who check it."""
    order: Any = moved.record
    found = worked_out(order)
    sheet = open_case(
        CommissionSheet, order, order.unit_id, owner_id=order.owner_id, order_id=order.id, kind="commission",
        source=order.source, payment=way_of(order), signed_on=order.signed_on, base_amount=order.total,
        own_amount=calc.total(found, "own", "joint", "consultant"), pool_amount=calc.total(found, POOL),
        total=calc.total(found), member_count=sum(part.basis in (POOL, "joint") for part in found),
        sole_id=calc.sole(found),
    )  # fmt: skip
    session.add_all(
        CommissionLine(
            sheet_id=sheet.id, staff_no=part.person.number, owner_id=part.person.employee_id,
            unit_id=part.person.unit_id, basis=part.basis, base_amount=order.total, rate=part.rate,
            amount=part.amount, signed_on=order.signed_on,
        )
        for part in found
    )  # fmt: skip
    session.flush()


def lines_of(sheet_id: int) -> list[CommissionLine]:
    """The lines of a sheet in their order."""
    return list(session.scalars(sa.select(CommissionLine).filter_by(sheet_id=sheet_id).order_by(CommissionLine.id)))


@effect("commission_approved")
def commission_approved(moved: Moved) -> None:
    """The lead of the deal learns that its commission is shared."""
    leads.tell(_order(moved).lead_id, "commissioned")


@effect("pay_lines")
def pay_lines(moved: Moved) -> None:
    """Every line is paid on the day of the sheet; the case of the customer is closed."""
    for line in lines_of(moved.record.id):
        line.paid_on = moved.whole.get("paid_on") or clock.today()
    session.flush()
    leads.tell(_order(moved).lead_id, "paid")


def _order(moved: Moved) -> Any:
    return session.get_one(SalesOrder, moved.record.order_id)


@effect("write_reversal")
def write_reversal(moved: Moved) -> None:
    """A sheet with a number of its own that takes every line back; what was written stays."""
    sheet: Any = moved.record
    back = open_case(
        CommissionSheet, sheet, sheet.unit_id, owner_id=sheet.owner_id, order_id=sheet.order_id, kind="reversal",
        reverses_id=sheet.id, source=sheet.source, payment=sheet.payment, signed_on=sheet.signed_on,
        base_amount=-sheet.base_amount, own_amount=-sheet.own_amount, pool_amount=-sheet.pool_amount,
        total=-sheet.total, member_count=sheet.member_count,
    )  # fmt: skip
    session.add_all(
        CommissionLine(
            sheet_id=back.id, staff_no=line.staff_no, owner_id=line.owner_id, unit_id=line.unit_id, basis=line.basis,
            base_amount=-line.base_amount, rate=line.rate, amount=-line.amount, signed_on=line.signed_on,
            reverses_id=line.id,
        )
        for line in lines_of(sheet.id)
    )  # fmt: skip
    session.flush()


@effect("take_commission_back")
def take_commission_back(moved: Moved) -> None:
    """A cancelled deal takes its commission back; the lead is closed."""
    order: Any = moved.record
    sheet = live_sheet(order.id)
    if sheet is not None:
        life = moves.lifecycle_of(sheet)
        keys = [step.key for step in life.leaving(sheet.status) if step.key in ("reverse", "drop")] if life else []
        for key in keys[:1]:
            moves.move(sheet, key, as_system=True, reason=moved.reason)
    leads.tell(order.lead_id, "cancelled")


# -- rates -----------------------------------------------------------------------------------------------------------


@check("commission_rate")
def rates_do_not_overlap(draft: Draft) -> Iterable[Problem]:
    """One rate at a time for one source, way and side; it ends after it begins."""
    first, last = draft.get("valid_from"), draft.get("valid_to")
    if first is None:
        return
    if last is not None and last < first:
        yield Problem(_("The rate ends before it begins."), "valid_to", "after")
    record: Any = draft.whole.record
    same = sa.select(CommissionRate.rate_no).where(
        CommissionRate.id != (record.id or 0), CommissionRate.adopter_id == record.adopter_id,
        CommissionRate.status.in_(COUNTED), CommissionRate.source == draft.get("source"),
        CommissionRate.payment == draft.get("payment"), CommissionRate.side == draft.get("side"),
        sa.or_(CommissionRate.valid_to.is_(None), CommissionRate.valid_to >= first),
    )  # fmt: skip
    if last is not None:
        same = same.where(CommissionRate.valid_from <= last)
    if (known := session.scalar(same.limit(1))) is not None:
        text = _("The rate %(number)s holds at that time; end it first.", number=known)
        yield Problem(text, "valid_from", "overlap")


@guard("rate_begins_later")
def rate_begins_later(step: Step) -> Iterable[Problem]:
    """Deals that are signed keep the rate of their day: a new one never begins in the past."""
    first = step.get("valid_from")
    if first is not None and first < clock.to_local(step.at).date():
        text = _("A rate never begins in the past.")
        yield Problem(text, "valid_from", "not_past", step.move.clause)


@guard("rate_ends_later")
def rate_ends_later(step: Step) -> Iterable[Problem]:
    """Deals of days that are over keep their rate: it ends today at the earliest."""
    last = step.get("valid_to")
    if last is not None and last < clock.to_local(step.at).date():
        text = _("A rate ends today at the earliest.")
        yield Problem(text, "valid_to", "not_past", step.move.clause)
