"""What a report comes to for a person: a constant number of statements, whatever the number of lines."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.core import clock
from app.core.access import Access
from app.core.db import session
from app.core.lifecycle import Words
from app.engines.calendar.calc import WorkCalendar
from app.engines.deadlines import calc as deadlines
from app.engines.deadlines import operations as clocks
from app.engines.deadlines import periods
from app.engines.deadlines.models import RUNNING, DeadlineClock
from app.engines.deadlines.slip import URGE, UrgeSlip
from app.engines.policy.models import PackVersion
from app.engines.policy.versions import pack_for
from app.engines.reports import calc
from app.engines.reports.catalogue import Choice, Report
from app.engines.reports.gaps import missing
from app.engines.reports.listing import Column, Listing, SlipLine, Stay
from app.engines.reports.owing import DONE, owed
from app.engines.reports.rows import LIMIT, Source, fill, listing_of, run, source_of, step_names

__all__ = ["BY_STEP", "closed", "late", "missing", "more_columns", "owed", "read", "running", "step_names"]

TENTH = Decimal("0.1")
LONG = ("quarter", "half_year", "half_year_june", "year")
STEP_COLUMNS = (
    Column("step", _l("Step")),
    Column("step_unit", _l("Unit")),
    Column("step_owner", _l("Responsible")),
    Column("received", _l("Received")),
    Column("due", _l("Due")),
    Column("sent", _l("Sent on")),
    Column("late_days", _l("Days late")),
    Column("slips", _l("Slips")),
)
BY_STEP = Column("step_unit", _l("Unit and post"))
_clock, _slip = DeadlineClock.__table__, UrgeSlip.__table__


def read(report: Report, choice: Choice, who: Access) -> Listing:
    """A report for what a person picked, with the rows that he may see."""
    kinds: dict[str, Callable[[Report, Choice, Access], Listing]] = {
        "closed": closed, "running": running, "late": late, "missing": missing, "owed": owed,
    }  # fmt: skip
    if choice.period is None and shown_by_period(report):
        choice = replace(choice, period=periods.present(report.written.period, clock.to_local(choice.now).date()))
    return kinds[report.shows.kind](report, choice, who)


def shown_by_period(report: Report) -> bool:
    """Whether a list is one of the present period of the report, and not of the month, when nobody picks one."""
    kind = report.shows.kind
    return kind == "owed" or (kind == "closed" and report.written.period in LONG)


# -- closed ----------------------------------------------------------------------------------------------------------


def closed(report: Report, choice: Choice, who: Access, adopter_id: int | None = None) -> Listing:
    """The rows that ended in a period, those with one number as one, and what they come to by group."""
    source = source_of(report, who, adopter_id)
    where = [*source.conditions(report.shows), source.joined.within(report.shows.at, choice.first, choice.after)]
    if choice.unit_id is not None and report.shows.group:
        where.append(source.column(report.shows.group) == choice.unit_id)
    listing, table = listing_of(report, source), source.joined.table
    order = [table.c[source.number]] if source.number else []
    rows = session.execute(source.select(where).order_by(*order, table.c.id)).all()
    fill(listing, source, _last_of_each(rows, source.number))
    _sum_up(listing, report.shows.group, source)
    return listing


def _last_of_each(rows: Sequence[Any], number: str) -> list[Any]:
    """Of the versions of a case the last; rows without a number stand for themselves."""
    if not number:
        return list(rows)
    return list({(row.adopter_id, getattr(row, number) or row.id): row for row in rows}.values())


def _sum_up(listing: Listing, by: str, source: Source) -> None:
    money = [column.key for column in listing.columns if column.spec and column.spec.kind.name == "money"]
    lines = [line.values for line in listing.lines]
    listing.sums = calc.sums(lines, money)
    if by:
        listing.by = Column(by, source.fields[by].label, source.fields[by])
        listing.groups = calc.groups(lines, by, money)


# -- running ---------------------------------------------------------------------------------------------------------


def running(report: Report, choice: Choice, who: Access, adopter_id: int | None = None, limit: int = LIMIT) -> Listing:
    """The rows that have not ended, or those of a chosen period, with every stay that their clocks kept."""
    source, shows = source_of(report, who, adopter_id), report.shows
    table, begun = source.joined.table, source.column(shows.at)
    where = source.conditions(shows)
    if choice.period:
        where.append(source.joined.within(shows.at, choice.first, choice.after))
    else:
        where += [table.c.status.not_in(_final(report)), begun.is_not(None)]
    if choice.unit_id is not None:
        where.append(table.c.holder_unit_id == choice.unit_id)
    keys = [f"{report.pack.code}.{key}" for key in shows.clocks]
    listing = listing_of(report, source, more_columns(report))
    rows, listing.more = run(source.select(where).order_by(begun, table.c.id), limit)
    fill(listing, source, rows, _stays(source.register.slug, rows, keys, choice.now))
    return listing


def more_columns(report: Report) -> list[Column]:
    """The columns of a list that are no fields: its clocks, or the late step."""
    if report.shows.kind == "late":
        return list(STEP_COLUMNS)
    if report.shows.kind == "owed":
        return [DONE]
    labels = ((f"{report.pack.code}.{key}", report.pack.clocks[key].label) for key in report.shows.clocks)
    steps = [Column(key, label) for key, label in labels]
    return [*steps, Column("urged", _l("Urged"))] if steps else []


def _final(report: Report) -> set[str]:
    """The states in which no row runs any more, under any version of the policy."""
    slug = report.shows.register_
    versions = session.scalars(sa.select(PackVersion.id).where(PackVersion.code == report.pack.code)).all()
    cases = [pack.cases[slug] for pack in map(pack_for, versions) if slug in pack.cases]
    return {key for case in cases for key, state in case.states.items() if state.final}


def _stays(slug: str, rows: Sequence[Any], keys: list[str], now: dt.datetime) -> Iterator[dict[str, Any]]:
    """The clocks of each row by key, and how often it was urged: two statements."""
    ids = [row.id for row in rows]
    here = (_clock.c.of_register == slug) & _clock.c.record_id.in_(ids) & _clock.c.key.in_(keys)
    found: dict[tuple[int, str], list[Any]] = defaultdict(list)
    for stay in session.execute(sa.select(_clock).where(here).order_by(_clock.c.started_at, _clock.c.id)):
        found[stay.record_id, stay.key].append(stay)
    about = (_slip.c.of_register == slug) & _slip.c.record_id.in_(ids) & (_slip.c.kind == URGE)
    counted = sa.select(_slip.c.record_id, sa.func.count().label("times")).where(about).group_by(_slip.c.record_id)
    urged = {row.record_id: row.times for row in session.execute(counted)}
    measure = _Measure(now)
    for row in rows:
        stays = {key: measure.stay(found[row.id, key]) for key in keys if found[row.id, key]}
        yield stays | {"urged": urged.get(row.id, 0)}


class _Measure:
    """Lateness in working days, with each calendar looked up once."""

    def __init__(self, now: dt.datetime) -> None:
        self.now = now
        self._calendars: dict[tuple[str, str | None], WorkCalendar] = {}

    def stay(self, rows: Sequence[Any]) -> Stay:
        """The last stay of several with a unit."""
        last = rows[-1]
        return Stay(last.started_at, last.due_at, last.stopped_at, self.late_days(last), len(rows))

    def late_days(self, row: Any) -> Decimal | None:
        """Working days from the limit to the end of the work, or until now; ``None`` when it is in time."""
        until = row.stopped_at or self.now
        if row.breached_at is None and (row.status != RUNNING or not deadlines.is_late(row.due_at, until)):
            return None
        key = (row.calendar, row.hours)
        if key not in self._calendars:
            self._calendars[key] = clocks.calendar_of(*key)
        return self._calendars[key].working_days_between(row.due_at, max(until, row.due_at)).quantize(TENTH)


# -- late ------------------------------------------------------------------------------------------------------------


def late(report: Report, choice: Choice, who: Access, adopter_id: int | None = None, limit: int = LIMIT) -> Listing:
    """Late clocks with the slips about them, by unit and post: three statements and the names.

    Without a period: what is late now, and what was finished late in the present month.
    """
    source = source_of(report, who, adopter_id)
    joined = (_clock.c.of_register == source.register.slug) & (_clock.c.record_id == source.joined.table.c.id)
    keys = [f"{report.pack.code}.{key}" for key in report.shows.clocks]
    where = [*source.conditions(report.shows), _clock.c.key.in_(keys), _is_late(choice), *_picked(choice)]
    columns = (_clock.c[name].label(f"clock_{name}") for name in CLOCK)
    query = source.select(where, *columns, join=(_clock, joined))
    order = (_clock.c.unit_id, _clock.c.post, _clock.c.due_at, _clock.c.id)
    listing = listing_of(report, source, more_columns(report))
    rows, listing.more = run(query.order_by(*order), limit)
    fill(listing, source, rows, _steps(rows, choice.now))
    listing.by = BY_STEP
    return listing


CLOCK = (
    *("id", "key", "words", "unit_id", "owner_id", "post", "started_at", "due_at", "stopped_at", "breached_at"),
    *("status", "calendar", "hours"),
)


def _is_late(choice: Choice) -> Any:
    found = sa.or_(
        _clock.c.breached_at.is_not(None), sa.and_(_clock.c.status == RUNNING, _clock.c.due_at < choice.now)
    )
    if choice.period:
        return sa.and_(found, _clock.c.due_at >= choice.first, _clock.c.due_at < choice.after)
    return sa.and_(found, sa.or_(_clock.c.stopped_at.is_(None), _clock.c.stopped_at >= choice.first))


def _picked(choice: Choice) -> Iterator[Any]:
    if choice.unit_id is not None:
        yield _clock.c.unit_id == choice.unit_id
    if choice.post:
        yield _clock.c.post == choice.post


def _steps(rows: Sequence[Any], now: dt.datetime) -> Iterable[dict[str, Any]]:
    measure, slips = _Measure(now), _slips_of([row.clock_id for row in rows])
    for row in rows:
        step = _ClockOf(row)
        yield {
            "step": Words(**step.words),
            "step_unit": step.unit_id,
            "step_owner": step.owner_id,
            "step_post": step.post,
            "received": step.started_at,
            "due": step.due_at,
            "sent": step.stopped_at,
            "late_days": measure.late_days(step),
            "slips": slips.get(step.id, []),
        }


class _ClockOf:
    """The clock's part of a joined row."""

    def __init__(self, row: Any) -> None:
        self._row = row

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, f"clock_{name}")


def _slips_of(clock_ids: list[int]) -> dict[int, list[SlipLine]]:
    found: dict[int, list[SlipLine]] = defaultdict(list)
    wanted = sa.select(_slip.c.id, _slip.c.clock_id, _slip.c.slip_no, _slip.c.status).where(
        _slip.c.clock_id.in_(clock_ids)
    )
    for slip in session.execute(wanted.order_by(_slip.c.id)):
        found[slip.clock_id].append(SlipLine(slip.id, slip.slip_no, slip.status))
    return found
