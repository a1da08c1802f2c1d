"""Rules of contact at work: what an attempt breaks, when the next may be made, and the days on which one was owed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.core import clock, moves
from app.core.db import session
from app.core.register import registers
from app.core.whole import Whole
from app.engines.calculating.operations import settings_of
from app.engines.calendar.operations import calendar_for
from app.engines.contacts import calc
from app.engines.contacts.calc import Broken, Compliance, Next, Rules, Window
from app.engines.contacts.window import ContactWindow
from app.engines.deadlines.allowance import Unit
from app.engines.policy import operations as policy
from app.engines.policy.calc import meets

if TYPE_CHECKING:
    from app.packs.contacts import Contact

SECOND = dt.timedelta(seconds=1)
LENGTHS = {Unit.HOURS: 3600, Unit.MINUTES: 60}


@dataclass(frozen=True)
class Attempt:
    """One attempt, by local time."""

    id: int
    at: dt.datetime
    outcome: str


class Contacts:
    """The rules of contact for one case, and what was tried so far."""

    def __init__(self, rule: Contact, whole: Whole) -> None:
        self.rule, self.whole = rule, whole
        self.case: Any = whole.record

    @cached_property
    def rules(self) -> Rules:
        """The rules with the settings of the unit that works by the policy."""
        found = settings_of(self.case)
        number, unit = found.resolve(self.rule.spacing.number), Unit(str(found.resolve(self.rule.spacing.unit)))
        return Rules(int(number * LENGTHS[unit]) * SECOND, tuple((quiet.start, quiet.end) for quiet in self.rule.quiet))

    @cached_property
    def windows(self) -> tuple[Window, ...]:
        """The times that the customer asked for."""
        row = ContactWindow
        mine = row.complaint_id == self.case.id
        if customer := self.whole.get("customer_id"):
            mine = sa.or_(mine, sa.and_(row.customer_id == customer, row.complaint_id.is_(None)))
        if not self.rule.windows:
            return ()
        found = session.scalars(sa.select(row).where(mine, row.active, row.day_type.is_(None)).order_by(row.id))
        return tuple(_window(one) for one in found)

    @cached_property
    def attempts(self) -> tuple[Attempt, ...]:
        """What was tried, in order."""
        table, rule = registers()[self.rule.log].model.__table__, self.rule
        at = table.c[rule.at_field]
        query = sa.select(table.c.id, at, table.c[rule.outcome_field]).where(table.c[rule.case_field] == self.case.id)
        for name, wanted in rule.only.items():
            query = query.where(table.c[name].in_(wanted))
        rows = session.execute(query.order_by(at, table.c.id))
        return tuple(Attempt(key, local(moment), outcome) for key, moment, outcome in rows)

    @property
    def failed(self) -> tuple[dt.datetime, ...]:
        """When nobody was reached."""
        return tuple(one.at for one in self.attempts if one.outcome not in self.rule.reached)

    def judge(self, at: dt.datetime, but: int | None = None) -> Broken | None:
        """What an attempt at an instant breaks; ``but`` leaves out the row that is being corrected."""
        others = [a.at for a in self.attempts if a.id != but and a.outcome not in self.rule.reached]
        return calc.judge(local(at), others, self.rules, self.windows)

    def next(self) -> Next:
        """When the next attempt may be made; after the customer was reached only quiet hours count."""
        latest = self.attempts[-1] if self.attempts else None
        last = latest.at if latest and latest.outcome not in self.rule.reached else None
        return calc.next_contact(local(clock.now()), last, self.rules, self.windows)

    def compliance(self, until: dt.date | None = None) -> Compliance:
        """Days on which an attempt was owed until now, at most until the limit or until the customer was reached."""
        since = self.whole.get(self.rule.from_field)
        if since is None:
            return Compliance((), ())
        limit = self.whole.get(self.rule.until_field)
        days = [local(limit).date()] if limit is not None else []
        days += [one.at.date() for one in self.attempts if one.outcome in self.rule.reached]
        days.append(until or clock.today())
        calendar = calendar_for(policy.pack_for(self.case.pack_version_id).calendar.code)
        return calc.compliance(calendar, local(since).date(), min(days), (one.at.date() for one in self.attempts))


def rules_of(whole: Whole, log: str = "") -> Contacts | None:
    """The rules of contact that a case runs under; ``log`` narrows them to those about rows of one register."""
    record: Any = whole.record
    if not whole.register.from_pack or record.id is None:
        return None
    for rule in policy.pack_for(record.pack_version_id).contacts.values():
        if rule.register_ == whole.register.slug and log in ("", rule.log):
            return Contacts(rule, whole)
    return None


def ruled(slug: str, values: Any) -> Iterator[Contacts]:
    """The rules under which a row of a log stands; ``values`` reads its fields."""
    yield from (found for found in logged(slug, values) if meets(found.rule.only, values))


def logged(slug: str, values: Any) -> Iterator[Contacts]:
    """The rules of the cases to which a row of a log leads, whether or not it counts as an attempt."""
    for register, field in _cases_of(slug):
        key = values(field)
        case = session.get(register.model, key) if key else None
        found = rules_of(moves.whole_of(case), slug) if case is not None else None
        if found is not None and found.rule.case_field == field:
            yield found


def _cases_of(slug: str) -> Sequence[Any]:
    """The case registers to which rows of a log lead, and by which field."""
    specs = (spec for spec in registers()[slug].fields.values() if spec.kind.name == "ref")
    referred = ((registers().get(spec.target or ""), spec.name) for spec in specs)
    return [(target, name) for target, name in referred if target is not None and target.from_pack]


def local(instant: dt.datetime) -> dt.datetime:
    """An instant by the clock on the wall."""
    return clock.to_local(instant).replace(tzinfo=None)


def _window(row: ContactWindow) -> Window:
    start, end = dt.time.fromisoformat(row.from_time), dt.time.fromisoformat(row.to_time)
    return Window(start, end, row.on_date, frozenset(int(day) for day in row.weekdays or ()))
