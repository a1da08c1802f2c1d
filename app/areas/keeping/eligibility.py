"""Which customers of a bank get a manager: by their loan or average deposit, or as an approved exception."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.areas.customers.operations import Customer, CustomerAssignment, Overview, on_customer
from app.areas.keeping import calc
from app.areas.keeping.policies import settings_with
from app.areas.staff.operations import BusinessResult
from app.core import clock, moves, saving, values
from app.core.db import session
from app.core.errors import Problem
from app.core.hooks import Moved, Step, effect, guard
from app.core.ripples import after_change
from app.core.saving import Draft, before_create, check
from app.core.scope import call_in
from app.core.whole import Whole
from app.engines.deadlines.recurring import adoptions
from app.engines.people import operations as people
from app.engines.people.models import OrgUnit
from app.engines.policy import operations as policy
from app.engines.policy.calc import Settings
from app.engines.sweeps.registry import Batch, sweep
from app.engines.tiering import operations as tiering

TIER, WITH = "customer_eligibility", "with_manager"
BALANCE, CNY, BATCH, FEW = "balance", "CNY", 500, 5
MANAGER, SECOND, WHOLE_SHARE = "manager", "co_manager", Decimal(100)


# -- balances ----------------------------------------------------------------------------------------------------------


@check("business_result")
def balance_is_whole(draft: Draft) -> Iterable[Problem]:
    """A balance names its customer and a day that is over; foreign money its rate."""
    if draft.get("kind") != BALANCE:
        return
    for name in ("customer_id", "balance_on"):
        if draft.get(name) is None:
            yield Problem(_("“%(field)s” is needed.", field=draft.whole.fields[name].label), name, "required")
    if (day := draft.get("balance_on")) and day > clock.today():
        yield Problem(_("The day lies in the future."), "balance_on", "not_future")
    if (draft.get("currency") or CNY).upper() != CNY and not draft.get("rate"):
        yield Problem(_("“%(field)s” is needed.", field=draft.whole.fields["rate"].label), "rate", "required")
    if _there(draft):
        yield Problem(_("The balance of this day is entered already."), "balance_on", "unique")


def _there(draft: Draft) -> bool:
    row = BusinessResult
    same = sa.select(row.id).where(
        row.customer_id == draft.get("customer_id"), row.balance_on == draft.get("balance_on"),
        row.currency == (draft.get("currency") or CNY).upper(), row.id != (draft.whole.record.id or 0),
    )  # fmt: skip
    return session.scalar(same.limit(1)) is not None


@before_create("business_result")
def belongs_to_the_customers_unit(whole: Whole) -> None:
    """A result about a customer belongs to the customer's unit and keeper."""
    record: Any = whole.record
    customer = session.get(Customer, whole.get("customer_id") or 0)
    if customer is not None:
        record.unit_id, record.owner_id = customer.unit_id, customer.owner_id or record.owner_id


@after_change("business_result")
def balance_counts(row: Any) -> None:
    """The amount in yuan follows, and with it the average and the right of the customer."""
    row.currency = (row.currency or CNY).upper()
    rate = Decimal(1) if row.currency == CNY else row.rate or Decimal(0)
    row.amount_cny = (row.amount * rate).quantize(calc.FEN)
    session.flush()
    if row.kind == BALANCE and row.customer_id is not None:
        customer: Any = session.get_one(Customer, row.customer_id)
        if settings := _settings(customer.unit_id):
            refresh([customer], settings, clock.today())


# -- who has a right ---------------------------------------------------------------------------------------------------


def _settings(unit_id: int) -> Settings | None:
    """The policy with this table that a unit works by."""
    return settings_with(unit_id, "tiers", TIER, clock.today())


@after_change("customer")
def file_changed(row: Any) -> None:
    """Whether the customer has a right to a manager follows the figures of the file."""
    if (row.loan_balance, row.daily_avg_deposit, row.eligible) == (None, None, None):
        return
    if row.id is not None and (settings := _settings(row.unit_id)):
        refresh([row], settings, clock.today())


def show(built: Overview) -> None:
    """What a bank looks at first: loan, average deposit, and whether there is to be a manager."""
    row: Any = built.customer
    if row.eligible is None:
        return
    built.figure(_("Loan balance"), f"{row.loan_balance or 0:,.2f}", unit=_("yuan"))
    built.figure(_("Average daily deposit"), f"{row.daily_avg_deposit or 0:,.2f}", unit=_("yuan"))
    since = values.short(row.manager_since) if row.manager_since else _("none yet")
    built.figure(_("Has a right to a manager"), _("yes") if row.eligible else _("no"),
                 hint=_("Manager since: %(day)s", day=since))  # fmt: skip


on_customer(show, order=37)


def refresh(customers: Sequence[Any], settings: Settings, day: dt.date) -> list[int]:
    """Average and right of some customers; only changed files are written, and these are told."""
    first = calc.first_day(day, settings.value("average_period"))
    known = _balances([row.id for row in customers], day)
    changed = []
    for row in customers:
        facts = {"loan_balance": row.loan_balance or Decimal(0), "daily_avg_deposit": row.daily_avg_deposit}
        if balances := known.get(row.id):
            facts["daily_avg_deposit"] = calc.daily_average(balances, first, day)
        figures = {name: value or Decimal(0) for name, value in facts.items()}
        found = tiering.classify_by(settings, TIER, figures.get)
        fields = {"daily_avg_deposit": facts["daily_avg_deposit"], "eligible": found.tier == WITH}
        if any(getattr(row, name) != value for name, value in fields.items()):
            whole = Whole(row)
            whole.update(fields)
            whole.save()
            changed.append(row.id)
    return changed


def _balances(ids: Sequence[int], day: dt.date) -> dict[int, list[tuple[str, dt.date, Decimal]]]:
    row = BusinessResult
    found = sa.select(row.customer_id, row.currency, row.balance_on, row.amount_cny).where(
        row.customer_id.in_(ids), row.kind == BALANCE, row.balance_on <= day, row.amount_cny.is_not(None)
    )
    known: dict[int, list[tuple[str, dt.date, Decimal]]] = {}
    for key, *entry in session.execute(found):
        known.setdefault(key, []).append((entry[0], entry[1], entry[2]))
    return known


@sweep(
    "keeping.eligibility", title=_l("Average deposits and the right to a manager"), schedule="50 1 * * *", quiet=True
)
def judge_customers(at: dt.datetime) -> Iterator[Batch]:
    """Judge the customers of every unit that works by such a table; unchanged ones are not written."""
    day = clock.to_local(at).date()
    for adopter_id, code in adoptions():
        version = policy.current_version(code, day)
        if version is None or TIER not in (pack := policy.pack_for(version.id)).tiers:
            continue
        settings, after = policy.settings_for(pack, adopter_id, day), 0
        while rows := _next(adopter_id, after):
            changed, after = refresh(rows, settings, day), rows[-1].id
            found = [_finding(key, adopter_id) for key in changed[:FEW]]
            yield Batch({"checked": len(rows), "hit": len(changed)}, found)


def _finding(key: int, adopter_id: int) -> dict[str, Any]:
    return {"case": f"customer {key}", "url": f"/customer/{key}", "unit": adopter_id}


def _next(adopter_id: int, after: int) -> Sequence[Any]:
    below = sa.select(OrgUnit.id).where(OrgUnit.path.startswith(people.path_of(adopter_id), autoescape=True))
    row = Customer
    found = sa.select(row).where(row.id > after, row.unit_id.in_(below), row.merged_into_id.is_(None))
    return session.scalars(found.order_by(row.id).limit(BATCH)).all()


# -- assigned managers -------------------------------------------------------------------------------------------------


@guard("has_right_to_manager")
def has_right_to_manager(step: Step) -> Iterable[Problem]:
    """A manager is given to customers with a right to one; others need an approved exception."""
    customer = session.get(Customer, step.get("customer_id") or 0)
    if customer is not None and not (customer.eligible or customer.exception_reason):
        text = _("Loan and average deposit lie below the line: ask for an exception with its reason.")
        yield Problem(text, "customer_id", "eligible", step.move.clause)


@effect("keep_exception")
def keep_exception(moved: Moved) -> None:
    """The approved exception stands in the customer's file."""
    customer = session.get_one(Customer, moved.whole.get("customer_id"))
    _write(customer, exception_reason=moved.whole.get("exception_reason"))


@guard("shares_add_up")
def shares_add_up(step: Step) -> Iterable[Problem]:
    """A second manager has a share that leaves something to the main one, who is there first."""
    if step.get("kind") != SECOND:
        return
    live, share = _live(step.get("customer_id"), step.whole.record.id), step.get("share_percent")
    if not any(row.kind == MANAGER for row in live):
        yield Problem(_("The customer has no main manager yet."), "kind", "first", step.move.clause)
    if not share:
        label = step.whole.fields["share_percent"].label
        yield Problem(_("“%(field)s” is needed.", field=label), "share_percent", "required", step.move.clause)
    elif (left := WHOLE_SHARE - _seconds(live)) <= share:
        text = _("The shares of a customer add up to 100 %%: less than %(left)s %% is left.", left=left)
        yield Problem(text, "share_percent", "total", step.move.clause)


@effect("share_results")
def share_results(moved: Moved) -> None:
    """The main manager has what the others leave, so that the shares of a customer are always 100 per cent."""
    live = _live(moved.whole.get("customer_id"))
    for row in live:
        if row.kind == MANAGER:
            _write(row, share_percent=WHOLE_SHARE - _seconds(live))
            _write(session.get_one(Customer, row.customer_id), manager_since=row.from_date)


@effect("manager_gone")
def manager_gone(moved: Moved) -> None:
    """The customer has no manager until it is assigned anew."""
    _write(session.get_one(Customer, moved.whole.get("customer_id")), manager_since=None)


def _live(customer_id: int | None, without: int = 0) -> Sequence[Any]:
    row = CustomerAssignment
    found = sa.select(row).where(
        row.customer_id == customer_id, row.kind.in_((MANAGER, SECOND)), row.accepted_at.is_not(None),
        row.to_date.is_(None), row.id != without,
    )  # fmt: skip
    return session.scalars(found.order_by(row.id)).all()


def _seconds(live: Iterable[Any]) -> Decimal:
    return sum((row.share_percent or Decimal(0) for row in live if row.kind == SECOND), Decimal(0))


@effect("join_customer")
def join_customer(moved: Moved) -> None:
    """A second manager sees the customer and the assignment, beside the main one who keeps the file."""
    row: Any = moved.record
    call_in(Customer.register.slug, row.customer_id, row.person_id)
    _write(row, owner_id=row.person_id)


@effect("end_assignment", early=True)
def end_assignment(moved: Moved) -> None:
    """It ends today, and its share goes back to the main manager."""
    moved.whole.update({"to_date": clock.today(), "ended": True})
    moved.whole.save()


def _write(row: Any, **fields: Any) -> None:
    whole = moves.whole_of(row)
    whole.update(fields)
    whole.save()
    saving.told(whole, fields)
