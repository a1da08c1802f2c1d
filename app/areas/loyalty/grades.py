"""VIP classes: proposed by the figures, decided by the store manager, written into the customer file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.complaints import operations as complaints
from app.areas.customers.operations import ContactLog, Customer, CustomerGrade
from app.areas.loyalty import buying
from app.areas.loyalty.calc import Bought, months_before
from app.core import clock, moves
from app.core.db import session
from app.core.errors import Problem
from app.core.moves import Moved, Step, effect, guard
from app.core.saving import Draft, check
from app.engines.calculating.operations import settings_of
from app.engines.limits import operations as limits
from app.engines.policy.calc import Settings
from app.engines.tiering import operations as tiering

TIER, VIP, REACHED = "vip_class", "vip", "reached"
DRAFT, COMPUTED, DECIDED = "draft", "computed", "decided"


# -- proposed ----------------------------------------------------------------------------------------------------------


@effect("compute_vip_class", early=True)
def compute_vip_class(moved: Moved) -> None:
    """The class that twelve months of sales and referrals give, with the figures behind it."""
    row: Any = moved.record
    settings = settings_of(row)
    bought = buying.gather([row.customer_id], settings, clock.to_local(moved.at).date())[row.customer_id]
    moved.whole.update(judged(settings, bought))
    session.flush()


def judged(settings: Settings, bought: Bought) -> dict[str, Any]:
    """The fields of a proposal."""
    found = tiering.classify_by(settings, TIER, lambda name: getattr(bought, name))
    figures = _(
        "Spent in 12 months: %(spend)s yuan, %(visits)s purchases; referrals with a purchase: %(referrals)s.",
        spend=f"{bought.spend_12m:,.2f}", visits=bought.visits_12m, referrals=bought.referrals_12m,
    )  # fmt: skip
    return {"computed_class": found.tier, "reason": f"{figures} {tiering.reason(found)}"}


def propose(known: Mapping[int, Bought], settings: Settings, day: dt.date) -> list[int]:
    """Put up the customers whose class has changed or is to be reviewed, and mend open proposals; those customers.

    Nothing is written for the others.
    """
    before, touched = latest(known), []
    for key, bought in known.items():
        if bought.first is None:
            continue
        fields, row = judged(settings, bought), before.get(key)
        if row is not None and row.status != DECIDED:
            if row.computed_class == fields["computed_class"]:
                continue
            whole = moves.whole_of(row)
            whole.update(fields)
            whole.save()
        elif row is None or row.computed_class != fields["computed_class"] or _to_review(row, settings, day):
            _open(key, settings.pack.code, day)
        else:
            continue
        touched.append(key)
    return touched


def latest(ids: Iterable[int]) -> dict[int, CustomerGrade]:
    """The rating of each customer that is open, else the one in force."""
    row = CustomerGrade
    found = sa.select(row).where(
        row.customer_id.in_(list(ids)), row.kind == VIP, row.status.in_((DRAFT, COMPUTED, DECIDED))
    )
    rows = session.scalars(found.order_by(row.status != DECIDED, row.id))
    return {each.customer_id: each for each in rows}


def _to_review(row: CustomerGrade, settings: Settings, day: dt.date) -> bool:
    soon = day + dt.timedelta(days=settings.value("review_notice_days"))
    return row.valid_from <= months_before(soon, settings.value("review_months"))


def _open(customer_id: int, code: str, day: dt.date) -> None:
    customer = session.get_one(Customer, customer_id)
    told = {"customer_id": customer_id, "kind": VIP, "valid_from": day, "reason": ""}
    whole = complaints.begin(CustomerGrade, customer.unit_id, code, owner_id=customer.owner_id, **told)
    complaints.announce(whole, clock.now())


# -- decided -----------------------------------------------------------------------------------------------------------


@guard("other_class_has_reason")
def other_class_has_reason(step: Step) -> Iterable[Problem]:
    """Another class than the figures give needs its reason."""
    if step.get("decided_class") != step.get("computed_class") and not step.get("adjust_reason"):
        label = step.whole.fields["adjust_reason"].label
        yield Problem(_("“%(field)s” is needed.", field=label), "adjust_reason", "required", step.move.clause)


@guard("vip_has_backup")
def vip_has_backup(step: Step) -> Iterable[Problem]:
    """A VIP of a high class does not depend on one guide only (5)."""
    customer = session.get_one(Customer, step.get("customer_id"))
    decided = step.get("decided_class")
    if is_key(step.whole.record, decided) and not _backed(customer.backup_id, customer.owner_id):
        yield _one_guide(step.whole.record, decided, "decided_class")


@check("customer")
def key_vip_stays_backed(draft: Draft) -> Iterable[Problem]:
    """The backup guide of such a VIP is somebody else, and is not taken away."""
    row: Any = draft.whole.record
    if "backup_id" not in draft.values or row.id is None or not row.vip_class:
        return
    grade = in_force(row.id)
    if grade is not None and is_key(grade, row.vip_class) and not _backed(draft.get("backup_id"), row.owner_id):
        yield _one_guide(grade, row.vip_class, "backup_id")


def _backed(backup_id: int | None, keeper_id: int | None) -> bool:
    return backup_id is not None and backup_id != keeper_id


def _one_guide(case: Any, chosen: str, field: str) -> Problem:
    label = tiering.tier_of(case, TIER).classes[chosen]
    text = _(
        "“%(tier)s” needs a backup guide who is not the guide himself: no VIP depends on one guide only.", tier=label
    )
    return Problem(text, field, "backup", "5")


def is_key(case: Any, chosen: str | None) -> bool:
    """Whether a class is one of those that the policy keeps by two guides."""
    least = settings_of(case).value("key_class")
    return chosen is not None and tiering.rank(case, TIER, chosen) >= tiering.rank(case, TIER, least)


@effect("put_vip_class", early=True)
def put_vip_class(moved: Moved) -> None:
    """The decided class stands in the customer file, and the one before is replaced."""
    row: Any = moved.record
    customer = session.get_one(Customer, row.customer_id)
    for old in _in_force(row.customer_id):
        if old.id != row.id:
            _replace(old, row.valid_from)
    moved.whole.update({"contact_on": _last_contact(row.customer_id) or row.valid_from,
                        "few_channels": few_channels(row, customer)})  # fmt: skip
    why = f"{row.reason} {row.adjust_reason or ''}".strip()
    _write(customer, vip_class=row.decided_class, is_vip=True, class_reason=why)
    session.flush()


def few_channels(case: Any, customer: Customer) -> bool:
    """Whether a VIP can be reached by fewer channels than the policy asks for."""
    return not limits.measure(case, "two_channels", Decimal(len(customer.channels or ()))).holds


def _write(row: Any, **values: Any) -> None:
    whole = moves.whole_of(row)
    whole.update(values)
    whole.save()


def _replace(old: Any, day: dt.date) -> None:
    _write(old, replaced=True, valid_to=max(day, old.valid_from))
    complaints.take_system_step(old)


def in_force(customer_id: int) -> Any:
    """The decided VIP class of a customer; ``None`` without one."""
    return next(iter(_in_force(customer_id)), None)


def _in_force(customer_id: int) -> Sequence[Any]:
    row = CustomerGrade
    found = sa.select(row).where(row.customer_id == customer_id, row.kind == VIP, row.status == DECIDED)
    return session.scalars(found.order_by(row.id.desc())).all()


def _last_contact(customer_id: int) -> dt.date | None:
    latest_at = sa.select(sa.func.max(ContactLog.contacted_at)).where(
        ContactLog.customer_id == customer_id, ContactLog.outcome == REACHED
    )
    at = session.scalar(latest_at)
    return clock.to_local(at).date() if at else None
