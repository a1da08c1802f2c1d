"""Counting a period: for each register one statement for its rows and one for their clocks, as a whole and by group."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.core import clock, paths
from app.core.access import SYSTEM, Access
from app.core.db import session
from app.core.register import registers
from app.engines.deadlines.models import BREACHED, CANCELLED, LATE_MET, MET, RUNNING, DeadlineClock
from app.engines.policy.calc import Settings
from app.engines.reports import measuring
from app.engines.reports.joining import Joined, like
from app.engines.reports.measuring import Counted, Raw, Table
from app.engines.reports.seconds import seconds

if TYPE_CHECKING:
    from app.packs.figures import Age, Figures, Grouping, Measure
    from app.packs.schema import Pack

_clock = DeadlineClock.__table__
AT = {"start": _clock.c.started_at, "due": _clock.c.due_at, "stop": _clock.c.stopped_at}
STEP = {
    "step": _clock.c.key,
    "step_unit": _clock.c.unit_id,
    "step_post": _clock.c.post,
    "step_owner": _clock.c.owner_id,
}


@dataclass(frozen=True)
class Extent:
    """Of whom and when: a policy with the settings of a unit, a period, an instant of asking, and a reader."""

    settings: Settings
    first: dt.datetime
    after: dt.datetime
    now: dt.datetime
    adopter_id: int | None = None
    who: Access = SYSTEM

    @property
    def pack(self) -> Pack:
        """The policy that asks."""
        return self.settings.pack

    @property
    def details(self) -> dict[str, str]:
        """The detail register of each register of the policy."""
        return {slug: case.detail for slug, case in self.pack.cases.items() if case.detail}


def days_of(age: Age, extent: Extent) -> tuple[dt.date | None, dt.date | None]:
    """The first and last day on which rows of an age began; an open bound is ``None``."""
    ended = clock.to_local(extent.after).date() - dt.timedelta(days=1)
    day = min(ended, clock.to_local(extent.now).date())
    least, most = (
        None if bound is None else day - dt.timedelta(days=int(extent.settings.resolve(bound)))
        for bound in (age.at_least, age.at_most)
    )
    return most, least


def count(figures: Figures, extent: Extent) -> Counted:
    """Everything that a report counts."""
    whole = _grouped(figures, extent, (), tuple(figures.measures)).get((), _nothing(figures))
    totals = measuring.finish(figures, whole)
    return Counted(totals, tuple(_table(figures, extent, grouping) for grouping in figures.groups))


def _nothing(figures: Figures) -> Raw:
    return {key: (0, 0) for key, measure in figures.measures.items() if not measure.derived}


def _table(figures: Figures, extent: Extent, grouping: Grouping) -> Table:
    wanted = [name for name in grouping.measures or figures.measures if _has_fields(figures, name, grouping, extent)]
    parts = [part for name in grouping.measures for part in figures.measures[name].parts]
    raw = _grouped(figures, extent, grouping.by, tuple(dict.fromkeys((*wanted, *parts))))
    return measuring.table(figures, grouping.by, grouping.measures, raw)


def _has_fields(figures: Figures, name: str, grouping: Grouping, extent: Extent) -> bool:
    measure = figures.measures[name]
    if measure.derived:
        return False
    register = registers()[figures.register_of(measure)]
    return all(path in measure.steps or paths.spec_at(register, path, extent.details) for path in grouping.by)


def _grouped(
    figures: Figures, extent: Extent, by: tuple[str, ...], names: tuple[str, ...]
) -> dict[tuple[Any, ...], dict[str, Sequence[Any]]]:
    """The counted parts of measures by group; the statements are as many as the sources they read."""
    sources: dict[tuple[str, bool], list[Measure]] = defaultdict(list)
    for measure in map(figures.measures.__getitem__, names):
        if not measure.derived:
            sources[figures.register_of(measure), measure.clocked].append(measure)
    found: dict[tuple[Any, ...], dict[str, Sequence[Any]]] = {}
    for (slug, clocked), measures in sources.items():
        for values, parts in _read(Counting(figures, extent, slug, clocked), by, measures):
            found.setdefault(values, {}).update(parts)
    blank = {measure.key: (0, 0) for some in sources.values() for measure in some}
    return {values: blank | parts for values, parts in found.items()}


def _read(
    counting: Counting, by: tuple[str, ...], measures: list[Measure]
) -> Iterator[tuple[tuple[Any, ...], dict[str, Sequence[Any]]]]:
    query, widths = counting.query(by, measures)
    for row in session.execute(query):
        rest = iter(row[len(by) :])
        parts: dict[str, Sequence[Any]] = {}
        for measure, width in zip(measures, widths, strict=True):
            parts[measure.key] = [next(rest) for _n in range(width)]
        yield tuple(row[: len(by)]), parts


@dataclass
class Counting:
    """The rows of one register, or their clocks, and the conditions of each measure over them."""

    figures: Figures
    extent: Extent
    slug: str
    clocked: bool
    joined: Joined = field(init=False)

    def __post_init__(self) -> None:
        self.joined = Joined(registers()[self.slug], self.extent.details)

    @property
    def last_only(self) -> bool:
        """Whether of several rows with one number the last counts."""
        return bool(self.figures.once_per) and not self.clocked and self.slug == self.figures.register_

    def column(self, path: str) -> Any:
        """The column of a field, or of the clock."""
        return STEP[path] if self.clocked and path in STEP else self.joined.column(path)

    def condition(self, measure: Measure) -> Any:
        """Which rows a measure counts."""
        extent, figures, joined = self.extent, self.figures, self.joined
        some = [*joined.chosen(measure, extent.settings)]
        if self.slug == figures.register_:
            some += joined.chosen(figures, extent.settings)
        if self.clocked:
            return sa.and_(*some, *self._limits(measure))
        at = measure.at or figures.at or ""
        if measure.age:
            return sa.and_(*some, *self._of_age(measure.age))
        if measure.until:
            return sa.and_(*some, joined.standing(at, measure.until, extent.after))
        return sa.and_(*some, joined.within(at, extent.first, extent.after))

    def _of_age(self, age: Age) -> Iterator[Any]:
        column, (first, last) = self.column(age.of), days_of(age, self.extent)
        if first is not None:
            yield column >= like(column, clock.from_local(dt.datetime.combine(first, dt.time())))
        if last is not None:
            after = dt.datetime.combine(last + dt.timedelta(days=1), dt.time())
            yield column < like(column, clock.from_local(after))

    def _limits(self, measure: Measure) -> Iterator[Any]:
        yield _clock.c.key.in_([f"{self.extent.pack.code}.{key}" for key in measure.clocks])
        if measure.counted_at == "now":
            yield _clock.c.stopped_at.is_(None)
        else:
            instant = AT[measure.counted_at]
            yield sa.and_(instant >= self.extent.first, instant < self.extent.after, _clock.c.status != CANCELLED)
        if measure.kind == "clocks" and measure.result != "all":
            yield {
                "in_time": _clock.c.status == MET,
                "late": self.late(),
                "open": _clock.c.stopped_at.is_(None),
            }[measure.result]

    def late(self) -> Any:
        """A limit that was missed: found late, or past at the instant of asking."""
        past = sa.and_(_clock.c.status == RUNNING, _clock.c.due_at < self.extent.now)
        return sa.or_(_clock.c.status.in_((BREACHED, LATE_MET)), past)

    def rows(self) -> tuple[Any, list[Any]]:
        """Where the rows come from, and which are the policy's and the unit's own."""
        extent, joined = self.extent, self.joined
        where = list(joined.of_policy(extent.pack.code, extent.adopter_id, extent.who))
        source = joined.source
        if self.clocked:
            here = (_clock.c.of_register == self.slug) & (_clock.c.record_id == joined.table.c.id)
            source = source.join(_clock, here)
        return source, where

    def query(self, by: tuple[str, ...], measures: list[Measure]) -> tuple[Any, list[int]]:
        """The statement that counts some measures by group, and how many columns each of them takes."""
        flags = [self.condition(measure) for measure in measures]
        values = [self._values(measure) for measure in measures]
        groups = [self.column(path) for path in by]
        if self.last_only:
            groups, flags, values, source, where = self._last_of_each(groups, flags, values)
        else:
            source, where = self.rows()
            where.append(sa.or_(*flags))
        columns, widths = [], []
        for measure, flag, some in zip(measures, flags, values, strict=True):
            made = _aggregates(measure, flag, some)
            columns += made
            widths.append(len(made))
        labelled = [group.label(f"g{place}") for place, group in enumerate(groups)]
        return sa.select(*labelled, *columns).select_from(source).where(*where).group_by(*groups), widths

    def _values(self, measure: Measure) -> list[Any]:
        if measure.kind == "duration":
            return [seconds(self.column(measure.since or ""), self.column(measure.to or ""))]
        if measure.kind == "on_time":
            return [self.late()]
        return [self._amount(measure)] if measure.field else []

    def _amount(self, measure: Measure) -> Any:
        column = self.column(measure.field or "")
        left = column
        for name in measure.less:
            left = left - sa.func.coalesce(self.column(name), 0)
        return sa.type_coerce(left, column.type) if measure.less else column

    def _last_of_each(self, groups: list[Any], flags: list[Any], values: list[list[Any]]) -> Any:
        """Of the rows that a measure counts, the last with each number; rows without a number count each."""
        table, number = self.joined.table, self.joined.column(self.figures.once_per or "")
        last = [
            sa.case((sa.or_(number.is_(None), table.c.id == _last(flag, table, number)), flag), else_=sa.false())
            for flag in flags
        ]
        source, where = self.rows()
        named = {f"g{place}": group for place, group in enumerate(groups)}
        named |= {f"f{place}": sa.case((flag, 1), else_=0) for place, flag in enumerate(last)}
        named |= {f"v{place}_{n}": one for place, some in enumerate(values) for n, one in enumerate(some)}
        inner = sa.select(*(column.label(name) for name, column in named.items()))
        found = inner.select_from(source).where(*where, sa.or_(*flags)).subquery()
        counts = [found.c[f"f{place}"] == 1 for place in range(len(flags))]
        groups = [found.c[f"g{place}"] for place in range(len(groups))]
        kept = [[found.c[f"v{place}_{n}"] for n in range(len(some))] for place, some in enumerate(values)]
        return groups, counts, kept, found, [sa.or_(*counts)]


def last_of(counting: Counting, flag: Any) -> Any:
    """The ids of the last rows with each number, and of those without one, among the rows that meet a condition."""
    table, number = counting.joined.table, counting.joined.column(counting.figures.once_per or "")
    source, where = counting.rows()
    numbered = sa.select(sa.func.max(table.c.id)).select_from(source).where(*where, flag, number.is_not(None))
    bare = sa.select(table.c.id).select_from(source).where(*where, flag, number.is_(None))
    return sa.union_all(numbered.group_by(number), bare)


def _last(flag: Any, table: Any, number: Any) -> Any:
    return sa.func.max(sa.case((flag, table.c.id))).over(partition_by=number)


def _aggregates(measure: Measure, flag: Any, values: list[Any]) -> list[Any]:
    value: Any = sa.case((flag, values[0])) if values else None
    match measure.kind:
        case "count":
            return [sa.func.count(sa.distinct(value)) if values else sa.func.count(sa.case((flag, 1)))]
        case "clocks":
            return [sa.func.count(sa.case((flag, 1)))]
        case "on_time":
            late = values[0]
            kept = sa.func.count(sa.case((sa.and_(flag, _clock.c.status == MET), 1)))
            return [kept, kept + sa.func.count(sa.case((sa.and_(flag, late), 1)))]
        case "largest" | "smallest":
            return [(sa.func.max if measure.kind == "largest" else sa.func.min)(value)]
        case "sum":
            return [sa.func.sum(value)]
    return [sa.func.sum(value), sa.func.count(value)]


def plain(counted: Counted) -> dict[str, Any]:
    """What was counted, fit for JSON."""

    def values(found: Mapping[str, Any]) -> dict[str, str | None]:
        return {key: None if value is None else str(value) for key, value in found.items()}

    tables = [
        {
            "by": list(table.by),
            "measures": list(table.measures),
            "rows": [{"values": list(group), "measures": values(found)} for group, found in table.rows],
        }
        for table in counted.tables
    ]
    return {"measures": values(counted.totals), "tables": tables}
