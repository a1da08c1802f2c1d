"""Reading the rows of a report: with its detail register, inside a person's reach, in one statement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.core import access, values
from app.core.access import Access
from app.core.db import session
from app.core.fieldspec import FieldSpec
from app.core.pages.lists import lives_of
from app.core.register import Register, registers
from app.core.whole import fields_of
from app.engines.reports.catalogue import Report
from app.engines.reports.listing import Column, Line, Listing

LIMIT = 300
CASE = ("id", "policy", "pack_version_id", "adopter_id", "status")


@dataclass(frozen=True)
class Source:
    """Where a report reads: its register, and the detail register that the policy adds.

    ``number`` is the field that the pack numbers: rows with one number are versions of one case.
    """

    register: Register
    detail: Register | None
    columns: tuple[str, ...]
    number: str
    who: Access

    @property
    def fields(self) -> dict[str, FieldSpec]:
        """Every field of both."""
        return fields_of(self.register, self.detail.slug if self.detail else "")

    def column(self, name: str) -> Any:
        """The column of a field, whichever table keeps it."""
        home = self.register if name in self.register.model.__table__.c else self.detail
        return home.model.__table__.c[name] if home else sa.null()

    def conditions(self, when: Mapping[str, tuple[Any, ...]]) -> Iterator[Any]:
        """The rows whose fields have one of the values that a report asks for."""
        for name, wanted in when.items():
            column, values_ = self.column(name), [value for value in wanted if value is not None]
            empty = [column.is_(None)] if None in wanted else []
            yield sa.or_(column.in_(values_), *empty)

    def select(self, *more: Any) -> Any:
        """The rows in reach with what a line needs of them."""
        table = self.register.model.__table__
        names = dict.fromkeys((*CASE, self.register.title, self.number, *self.columns))
        query = sa.select(*(self.column(name).label(name) for name in names), *more).select_from(table)
        if self.detail is not None:
            other = self.detail.model.__table__
            query = query.outerjoin(other, other.c.id == table.c.id)
        return query.where(access.rows(self.register, "read", self.who))


def source_of(report: Report, who: Access) -> Source:
    """Where a report reads for a person."""
    shows, pack = report.shows, report.pack
    register, detail = registers()[shows.register_], pack.cases[shows.register_].detail
    numbered = (rule.field for rule in pack.numbering.values() if rule.register_ == register.slug)
    number = next(numbered, register.title)
    return Source(register, registers()[detail] if detail else None, shows.columns, number, who)


def listing_of(report: Report, source: Source, extra: Iterable[Column] = ()) -> Listing:
    """An empty report with its columns."""
    specs = source.fields
    columns = [Column(name, specs[name].label, specs[name]) for name in source.columns]
    return Listing(source.register.slug, str(report.written.label), [*columns, *extra], [])


def fill(listing: Listing, source: Source, rows: Sequence[Any], lines: Iterable[dict[str, Any]] | None = None) -> None:
    """Turn rows into lines and look up every name that they need; ``lines`` adds what is not of the row."""
    lives = lives_of(source.register, rows)
    more = list(lines) if lines is not None else [{}] * len(rows)
    specs = [column.spec for column in listing.columns if column.spec]
    for row, extra in zip(rows, more, strict=True):
        found = {spec.name: getattr(row, spec.name) for spec in specs}
        listing.lines.append(Line(row.id, found | extra, lives[row.id]))
    pairs: list[tuple[str, int | None]] = [
        pair for line in listing.lines for pair in values.wanted_names(specs, line.values.get)
    ]
    pairs += [(slug, line.values.get(key)) for line in listing.lines for key, slug in REFERS.items()]
    listing.names = values.names_of(pairs)


REFERS = {"step_unit": "org_unit", "step_owner": "employee"}


def run(query: Any) -> tuple[Sequence[Any], bool]:
    """The rows of a query, at most so many, and whether there are more."""
    rows = session.execute(query.limit(LIMIT + 1)).all()
    return rows[:LIMIT], len(rows) > LIMIT
