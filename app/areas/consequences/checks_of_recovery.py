"""What every save of recovery rates and of what they leave out must obey."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.complaints import operations as complaints
from app.areas.consequences import recovery
from app.areas.consequences.recovery_exclusion import RecoveryExclusion
from app.core import clock, moves
from app.core.db import session
from app.core.errors import Problem
from app.core.ripples import after_change
from app.core.saving import Draft, before_create, check
from app.core.whole import Whole
from app.engines.people.models import Employee

CLAUSE = "（十三）2(3)"


@check("recovery_rate")
@check("recovery_exclusion")
def month_is_one(draft: Draft) -> Iterable[Problem]:
    """A month is written like 2025-09 and has begun."""
    month = draft.get("month")
    if month is None:
        return
    if not recovery.is_month(month):
        yield Problem(_("A month is written like 2025-09."), "month", "month", CLAUSE)
        return
    if month > clock.today().strftime("%Y-%m"):
        yield Problem(_("This month has not begun."), "month", "not_future", CLAUSE)


@check("recovery_rate")
def one_rate_a_month(draft: Draft) -> Iterable[Problem]:
    """A person has one recovery rate in a month."""
    known = recovery.rate_of(draft.get("employee_id"), draft.get("month") or "")
    if known is not None and known.id != draft.whole.record.id:
        yield Problem(_("This person has a rate for the month already."), "month", "unique", CLAUSE)


@check("recovery_exclusion")
def exclusion_fits_its_complaint(draft: Draft) -> Iterable[Problem]:
    """At most the receivable of the part, once a month for each complaint, while the rate is not confirmed."""
    complaint = complaints.complaint_of(draft.get("complaint_id"))
    if complaint is None:
        return
    limit, amount = moves.whole_of(complaint).get("receivable_amount"), draft.get("excluded_amount")
    if amount is not None and amount > (limit or 0):
        text = _("The receivable of the part is %(limit)s yuan.", limit=f"{limit or 0:,.2f}")
        yield Problem(text, "excluded_amount", "receivable", CLAUSE)
    rows = RecoveryExclusion
    known = session.scalar(sa.select(rows.id).filter_by(complaint_id=complaint.id, month=draft.get("month")))
    if known is not None and known != draft.whole.record.id:
        text = _("The receivable of this complaint is left out in this month already.")
        yield Problem(text, "month", "unique", CLAUSE)
    for month in {draft.get("month"), draft.whole.get("month")} - {None}:
        rate = recovery.rate_of(complaint.owner_id, month)
        if rate is not None and rate.confirmed_at is not None:
            yield Problem(_("The rate of this month is confirmed."), "month", "confirmed", CLAUSE)


@before_create("recovery_rate")
@before_create("recovery_exclusion")
def belongs_to_the_salesperson(whole: Whole) -> None:
    """Both belong to the salesperson; what is left out has person and part from the complaint."""
    record: Any = whole.record
    if isinstance(record, RecoveryExclusion):
        complaint = complaints.complaint_of(record.complaint_id)
        assert complaint is not None
        record.employee_id, record.part_no = complaint.owner_id, moves.whole_of(complaint).get("part_no")
    books = record.unit_id
    record.owner_id = record.employee_id
    person = session.get(Employee, record.employee_id) if record.employee_id else None
    record.unit_id = person.unit_id if person else books


@after_change("recovery_rate")
def reckon_rate(rate: Any) -> None:
    """A rate has its number and is worked out on every save."""
    complaints.give_number(rate, clock.now())
    recovery.reckon(rate)


@after_change("recovery_exclusion")
def reckon_again(exclusion: Any) -> None:
    """What is left out counts in the open rate of its month; accounting goes on seeing it."""
    if (home := _books(exclusion)) is not None:
        moves.send_to(exclusion, home)
    rate = recovery.rate_of(exclusion.employee_id, exclusion.month)
    if rate is not None and rate.confirmed_at is None:
        recovery.reckon(rate)


def _books(exclusion: Any) -> int | None:
    """The unit of whoever wrote the row."""
    from app.core import access

    units = sorted(reach.unit_id for reach in access.current().reaches("recovery_exclusion", "write") if reach.unit_id)
    return units[0] if units else None
