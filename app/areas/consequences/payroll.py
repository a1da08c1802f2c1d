"""What packs name for the month-end run: its guards and effects; and what every save of pay items must obey."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.complaints import operations as complaints
from app.areas.consequences import charging, counter_entries, month_end
from app.areas.consequences.checks_of_sanctions import MONTH
from app.areas.consequences.pay_item import PayItem
from app.areas.consequences.payroll_run import ENTERING, TAKEN, PayrollRun
from app.core import clock
from app.core.db import session
from app.core.errors import Problem
from app.core.moves import Moved, Step, effect, guard
from app.core.ripples import after_change, before_delete
from app.core.saving import Draft, before_create, check
from app.core.whole import Whole

POINTS, CAP = "经济处罚准则（三）3", "经济处罚准则（三）4"

# -- saving ------------------------------------------------------------------------------------------------------------


@check("pay_item")
def pay_item_keeps_to_its_month(draft: Draft) -> Iterable[Problem]:
    """One for each person and month, and none is changed or added once the month is being run."""
    record, month, person = draft.whole.record, str(draft.get("month") or ""), draft.get("employee_id")
    if month and not MONTH.fullmatch(month):
        yield Problem(_("A month is written like 2025-09."), "month", "pattern", POINTS)
        return
    yield from _locked(draft.whole)
    if month != draft.whole.get("month") or not record.id:
        yield from _run_already(month, draft.whole.get("unit_id"))
    known = session.scalar(sa.select(PayItem.id).filter_by(month=month, employee_id=person))
    if known not in (None, record.id):
        yield Problem(_("This person has a pay item in this month already."), "employee_id", "unique", POINTS)


def _locked(whole: Whole) -> Iterable[Problem]:
    if whole.get("run_id") is not None:
        text = _("The month-end run has reckoned with this pay item; send the run back before you change it.")
        yield Problem(text, "month", "locked", CAP)


def _run_already(month: str, unit_id: int | None) -> Iterable[Problem]:
    run = session.scalar(sa.select(PayrollRun).filter_by(month=month, unit_id=unit_id))
    if run is not None and run.status != ENTERING:
        text = _("The month %(month)s is being run or has run; its pay items are locked.", month=month)
        yield Problem(text, "month", "locked", CAP)


@before_delete("pay_item")
def keep_what_was_run(item: Any) -> Iterable[Problem]:
    """A pay item that a run reckoned with stays."""
    yield from _locked(Whole(item))


@before_create("pay_item")
def of_the_person(whole: Whole) -> None:
    """A pay item is the person's own to see."""
    whole.update({"owner_id": whole.get("employee_id")})


@after_change("pay_item")
def follow_the_person(item: Any) -> None:
    """When a pay item was entered for the wrong person, it becomes the right one's."""
    if not sa.inspect(item).deleted and item.owner_id != item.employee_id:
        item.owner_id = item.employee_id
        session.flush()


@check("payroll_run")
def one_run_a_month(draft: Draft) -> Iterable[Problem]:
    """A run names a month, and each month runs once."""
    month, record = str(draft.get("month") or ""), draft.whole.record
    if month and not MONTH.fullmatch(month):
        yield Problem(_("A month is written like 2025-09."), "month", "pattern", CAP)
    known = session.scalar(sa.select(PayrollRun.id).filter_by(month=month, unit_id=draft.whole.get("unit_id")))
    if known not in (None, record.id):
        yield Problem(_("This month has its run already."), "month", "unique", CAP)


@after_change("payroll_run")
def number_run(run: Any) -> None:
    """A run has its number from the beginning."""
    complaints.give_number(run, clock.now())
    session.flush()


# -- guards ------------------------------------------------------------------------------------------------------------


@guard("month_over")
def month_over(step: Step) -> Iterable[Problem]:
    """A month is run when it is over: until then notices and sanctions may be added to it."""
    month = str(step.get("month"))
    if clock.now() < charging.ends(month)[1]:
        yield Problem(_("The month %(month)s is not over yet.", month=month), "month", "month_over", CAP)


@guard("months_in_order")
def months_in_order(step: Step) -> Iterable[Problem]:
    """Months run one after the other: what one leaves the next takes."""
    month = str(step.get("month"))
    before = sa.select(PayrollRun.month).where(
        PayrollRun.unit_id == step.get("unit_id"), PayrollRun.month < month, PayrollRun.status != TAKEN
    )
    if (open_ := session.scalar(before.order_by(PayrollRun.month))) is not None:
        text = _("The month %(month)s was not taken yet; months run one after the other.", month=open_)
        yield Problem(text, "month", "months_in_order", CAP)
    later = sa.select(PayrollRun.month).where(
        PayrollRun.unit_id == step.get("unit_id"), PayrollRun.month > month, PayrollRun.status == TAKEN
    )
    if (done := session.scalar(later.order_by(PayrollRun.month))) is not None:
        text = _("The later month %(month)s has run already.", month=done)
        yield Problem(text, "month", "months_in_order", CAP)


@guard("pay_items_entered")
def pay_items_entered(step: Step) -> Iterable[Problem]:
    """A month without pay items has nothing to take from."""
    mine = sa.select(PayItem.id).filter_by(unit_id=step.get("unit_id"), month=step.get("month")).limit(1)
    if session.scalar(mine) is None:
        text = _("Enter points and bonuses of the month first, or take them over from the month before.")
        yield Problem(text, "month", "pay_items_entered", POINTS)


@guard("proposal_stands")
def proposal_stands(step: Step) -> Iterable[Problem]:
    """A proposal goes on only while it is still what would be proposed: corrections and sanctions change it."""
    if not month_end.stands(step.whole.record):
        text = _("Notices, sanctions or bonuses have changed since; send the run back and have it proposed anew.")
        yield Problem(text, None, "proposal_stands", CAP)


@guard("something_taken")
def something_taken(step: Step) -> Iterable[Problem]:
    """Only an instalment that took something can be taken back."""
    if not step.get("taken"):
        yield Problem(_("This instalment took nothing."), "taken", "something_taken", CAP)


# -- effects -----------------------------------------------------------------------------------------------------------


@effect("take_over_pay_items")
def take_over_pay_items(moved: Moved) -> None:
    """Copy points and bonuses of the latest month before for everybody who has none in this one."""
    run: Any = moved.record
    item, mine = PayItem, PayItem.unit_id == run.unit_id
    latest = session.scalar(sa.select(sa.func.max(item.month)).where(mine, item.month < run.month))
    known = set(session.scalars(sa.select(item.employee_id).where(mine, item.month == run.month)))
    copied = ("employee_id", "group_id", "section_id", "points", "bonus", "unit_id", "owner_id")
    for row in session.scalars(sa.select(item).where(mine, item.month == latest).order_by(item.id)).all():
        if row.employee_id not in known:
            session.add(PayItem(month=run.month, **{name: getattr(row, name) for name in copied}))
    session.flush()


@effect("propose_deductions")
def propose_deductions(moved: Moved) -> None:
    """Charge the notices of the month and propose what its bonuses pay."""
    month_end.propose(moved.record)


@effect("drop_proposal")
def drop_proposal(moved: Moved) -> None:
    """Take the proposal back, so that pay items may be changed."""
    month_end.drop(moved.record)


@effect("take_deductions")
def take_deductions(moved: Moved) -> None:
    """Take what was approved."""
    month_end.take(moved.record)


@effect("counter_entry")
def counter_entry(moved: Moved) -> None:
    """Take a whole instalment back by a counter-entry with the reason."""
    counter_entries.reverse(moved.record, moved.reason)


@effect("recharge_notice")
def recharge_notice(moved: Moved) -> None:
    """Charge a notice that was approved again by its corrected sheet."""
    notice: Any = moved.record
    text = _("The sheet was corrected; notice %(number)s was approved again.", number=notice.notice_no)
    counter_entries.recharge(notice, text)


def last_month(at: dt.datetime) -> str:
    """The month before the one of an instant."""
    return charging.month_of(charging.ends(charging.month_of(at))[0] - dt.timedelta(days=1))
