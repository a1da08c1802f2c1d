"""Closed periods: nothing is dated into what was compared with a customer, cleared, or settled at a month's end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core import moves, saving
from app.core.db import session
from app.core.errors import Problem
from app.core.moves import Step
from app.core.register import register_of, registers
from app.core.whole import Whole
from app.engines.credit.operations import credit_of
from app.engines.policy.calc import meets

if TYPE_CHECKING:
    from app.packs.credit import Closing

GUARD, RULE = "period_open", "closed_period"
Read = Callable[[str], Any]


@moves.guard(GUARD)
def period_open(step: Step) -> Iterable[Problem]:
    """What comes to count by a step is not dated into a closed period."""
    credit, slug = credit_of(step.whole.record), step.whole.register.slug
    if credit is not None and (dated := credit.dated.get(slug)) is not None:
        names = [name for name, steps in dated.fields.items() if step.move.key in steps]
        yield from _closed(step.whole, step.get, names)


def dated_into_closed(draft: saving.Draft) -> Iterable[Problem]:
    """No day is typed that lies in a closed period of the customer."""
    credit, slug = credit_of(draft.whole.record), draft.whole.register.slug
    if credit is None or (dated := credit.dated.get(slug)) is None:
        return
    party = dated.customer_field
    anew = not draft.whole.record.id or draft.get(party) != draft.whole.get(party)
    typed = [name for name in dated.fields if anew or draft.get(name) != draft.whole.get(name)]
    yield from _closed(draft.whole, draft.get, typed)


saving.check_all(dated_into_closed)


def _closed(whole: Whole, read: Read, names: Iterable[str]) -> Iterator[Problem]:
    record: Any = whole.record
    credit = credit_of(record)
    party = read(credit.dated[register_of(record).slug].customer_field) if credit else None
    if credit is None or not party:
        return
    for name in names:
        day = read(name)
        for closing in credit.closings.values() if day is not None else ():
            if (row := _row(closing, record.adopter_id, party, day)) is not None:
                text = _("%(field)s: the books of this customer are closed for %(day)s by “%(closing)s” (%(number)s).",
                         field=whole.fields[name].label, day=day.isoformat(), closing=closing.label,
                         number=_number(row))  # fmt: skip
                yield Problem(text, name, RULE, closing.clause)
                break


def _row(closing: Closing, adopter_id: int, party: int, day: dt.date) -> Any:
    """What closed a day for a customer, the earliest first."""
    model: Any = registers()[closing.register_].model
    of_party = getattr(model, closing.customer_field) == party
    found = sa.select(model).where(model.adopter_id == adopter_id, of_party, model.status.in_(closing.states))
    if closing.year_field:
        found = found.where(getattr(model, closing.year_field) == day.year)
    if closing.day_field:
        found = found.where(getattr(model, closing.day_field) >= day).order_by(getattr(model, closing.day_field))
    for row in session.scalars(found.order_by(model.id)):
        if not closing.unless or not meets(closing.unless, lambda name, row=row: getattr(row, name)):  # type: ignore[misc]
            return row
    return None


def _number(row: Any) -> str:
    register = register_of(row)
    return str(getattr(row, register.title) or f"#{row.id}")
