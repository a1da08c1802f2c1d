"""Who bears what is not paid: losses by rules, the signer at the month's end, three people for a bypass."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.consequences.operations import open_case, rules_of_shares, show_to
from app.areas.credit import allocating, calc
from app.areas.credit.credit_liability import CreditLiability
from app.areas.credit.credit_violation import CreditViolation
from app.areas.credit.shipment import LOST, Shipment
from app.core import clock
from app.core.db import session
from app.core.errors import Problem
from app.core.hooks import Moved, Step, effect, guard
from app.engines.calculating.operations import amount_of, settings_of
from app.engines.people import operations as people

SIGNER = "signer"
SAME_AS = {"first_over": "within", "special": "within", "prepaid": "within", "cash": "within"}


def _propose(like: Any, unit_id: int, key: str, **values: Any) -> None:
    """A liability, once for each key."""
    known = sa.select(CreditLiability.id).filter_by(adopter_id=like.adopter_id, origin_key=key)
    if session.scalar(known) is None:
        open_case(CreditLiability, like, unit_id, origin_key=key, owner_id=None, **values)


# -- bad debts -------------------------------------------------------------------------------------------------------


@guard("goods_left")
def goods_left(step: Step) -> Iterable[Problem]:
    """Only goods that left and are unpaid can be lost."""
    shipment = session.get(Shipment, step.get("shipment_id") or 0)
    if shipment is None or shipment.status not in ("shipped", "overdue"):
        yield Problem(_("Only shipped goods that are unpaid can be a bad debt."), "shipment_id", "state",
                      step.move.clause)  # fmt: skip


@effect("find_origin", early=True)
def find_origin(moved: Moved) -> None:
    """How the goods were let go, and whether a verified finding says that they left against the rules."""
    debt: Any = moved.record
    shipment = session.get_one(Shipment, debt.shipment_id)
    found = sa.select(CreditViolation.id).filter_by(shipment_id=shipment.id, verified=True)
    bypassed = session.scalars(found.limit(1)).first() is not None
    known = {"first_over": "first_over", "last_over": "last_over", "special": "special"}
    origin = "unapproved" if bypassed else known.get(shipment.route or "", "within")
    moved.whole.update({"origin": origin, "customer_id": shipment.customer_id})
    moved.whole.save()


@effect("write_off_goods")
def write_off_goods(moved: Moved) -> None:
    """The shipment stands as lost; what is owed stays owed."""
    shipment = session.get_one(Shipment, moved.record.shipment_id)  # type: ignore[attr-defined]
    shipment.payment = LOST
    session.flush()
    allocating.take_system_step(shipment)


def _rules(debt: Any) -> list[Any]:
    origin = SAME_AS.get(debt.origin, debt.origin)
    return rules_of_shares(debt.adopter_id, origin, debt.declared_on or clock.today())


@guard("shares_are_set")
def shares_are_set(step: Step) -> Iterable[Problem]:
    """Nothing is shared out before finance has set the shares of this kind of debt, and people bear them."""
    debt: Any = step.whole.record
    rules = _rules(debt)
    if not rules:
        yield Problem(_("No shares are set for this kind of debt."), None, "shares", step.move.clause)
    shipment = session.get_one(Shipment, debt.shipment_id)
    for rule in rules:
        if _bearer(shipment, rule.bearer) is None:
            text = _("Nobody is known who was “%(post)s” of this shipment.", post=rule.bearer)
            yield Problem(text, None, "bearer", step.move.clause)


def _bearer(shipment: Any, post: str) -> int | None:
    """Who bears the share of a post: who signed, who looks after the customer, or who holds the post there."""
    if post == SIGNER:
        return shipment.signer_id or shipment.released_by_id
    if post == "sales_rep" and shipment.owner_id:
        return int(shipment.owner_id)
    seats = people.holders_many([f"{shipment.policy}.{post}"], [people.path_of(shipment.adopter_id)], clock.today())
    near = [seat for seat in seats if seat.unit_id == shipment.unit_id] or list(seats)
    return int(near[0].employee_id) if near else None


@effect("share_out")
def share_out(moved: Moved) -> None:
    """A liability for each share of the rules in force, the last taking the rest of a whole."""
    debt: Any = moved.record
    shipment, rules = session.get_one(Shipment, debt.shipment_id), _rules(debt)
    parts = calc.shares(debt.amount, [rule.percent for rule in rules])
    for rule, part in zip(rules, parts, strict=True):
        person = _bearer(shipment, rule.bearer)
        _propose(
            debt, shipment.unit_id, f"debt:{debt.id}:{rule.bearer}", bad_debt_id=debt.id, shipment_id=shipment.id,
            employee_id=person, percent=rule.percent, base=debt.amount, amount=part,
            cause=SAME_AS.get(debt.origin, debt.origin),
        )  # fmt: skip
    debt.rule_id = rules[0].id
    session.flush()


# -- findings and the month's end ------------------------------------------------------------------------------------


@effect("charge_three")
def charge_three(moved: Moved) -> None:
    """Goods that left without approval are borne in equal parts; the head of the market department takes the rest."""
    found: Any = moved.record
    three = (found.logistics_specialist_id, found.warehouse_keeper_id, found.market_head_id)
    share = Decimal(100) / 3
    for number, (person, part) in enumerate(zip(three, calc.equal_parts(found.amount, 3), strict=True)):
        _propose(
            found, found.unit_id, f"finding:{found.id}:{number}", violation_id=found.id, shipment_id=found.shipment_id,
            employee_id=person, percent=share, base=found.amount, amount=part, cause="unapproved",
        )  # fmt: skip


@effect("charge_signer")
def charge_signer(moved: Moved) -> None:
    """What is unpaid of the last order at the month's end is borne by its signer, by the share of the policy."""
    episode: Any = moved.record
    shipment = session.get_one(Shipment, episode.last_shipment_id)
    if not shipment.signer_id or not episode.unpaid_at_due:
        return
    share = settings_of(episode).value("signer_share")
    amount = amount_of(episode, "month_end_deduction", {"unpaid_at_due": episode.unpaid_at_due}).amount
    _propose(
        episode, episode.unit_id, f"month_end:{episode.id}", shipment_id=shipment.id, employee_id=shipment.signer_id,
        percent=share, base=episode.unpaid_at_due, amount=amount, cause="month_end",
    )  # fmt: skip


@effect("show_to_bearer")
def show_to_bearer(moved: Moved) -> None:
    """Whoever bears it sees it once it is confirmed."""
    show_to(moved.record, moved.record.employee_id)  # type: ignore[attr-defined]


def refunds_of(shipment: Any) -> None:
    """What a late payment gives back of a deduction at the month's end: proposed for finance, the default stays."""
    found = sa.select(CreditLiability).filter_by(shipment_id=shipment.id, cause="month_end")
    for row in session.scalars(found.where(CreditLiability.status != "cancelled")):
        still = min(allocating.owed(shipment), row.base)
        row.refund = row.amount - (row.amount * still / row.base).quantize(Decimal("0.01")) if row.base else row.amount
    session.flush()

