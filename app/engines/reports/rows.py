"""Reading the rows of a report: with its detail register, inside a person's reach, in one statement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.core import values
from app.core.access import Access
from app.core.db import session
from app.core.fieldspec import FieldSpec
from app.core.pages.lists import lives_of
from app.core.register import Register, registers
from app.engines.policy.calc import Settings
from app.engines.reports.catalogue import Report, details_of
from app.engines.reports.joining import Joined
from app.engines.reports.listing import Column, Line, Listing

LIMIT = 300
CASE = ("policy", "pack_version_id", "adopter_id", "status")


@dataclass(frozen=True)
class Source:
    """Where a report reads: its register with whatever its paths lead to.

    ``number`` is the field that the pack numbers: rows with one number are versions of one case.
    """

    joined: Joined
    columns: tuple[str, ...]
    number: str
    settings: Settings
    who: Access
    adopter_id: int | None = None

    @property
    def register(self) -> Register:
        """The register whose rows are listed."""
        return self.joined.register

    @property
    def fields(self) -> Mapping[str, FieldSpec]:
        """The columns of the report, each with its field."""
        return {path: self.joined.spec(path) for path in self.columns}

    def column(self, name: str) -> Any:
        """The column at the end of a path."""
        return self.joined.column(name)

    def conditions(self, chosen: Any) -> list[Any]:
        """The rows of the policy that the report asks for, inside the person's reach and the adopting unit."""
        code = self.settings.pack.code
        return [*self.joined.chosen(chosen, self.settings), *self.joined.of_policy(code, self.adopter_id, self.who)]

    def select(self, conditions: Iterable[Any], *more: Any, join: Any = None) -> Any:
        """The rows that meet the conditions, with what a line needs of them; ``join`` adds a table by a condition."""
        table, wanted = self.joined.table, list(conditions)
        names = [name for name in CASE if name in table.c]
        own = [table.c[name] for name in dict.fromkeys(("id", *names, self.number or "id"))]
        paths = [self.column(path).label(label_of(path)) for path in self.columns if path not in ("id", *names)]
        kept = [column for column in own if column.name not in {path.name for path in paths}]
        source = self.joined.source if join is None else self.joined.source.join(*join)
        return sa.select(*kept, *paths, *more).select_from(source).where(*wanted)


def label_of(path: str) -> str:
    """The name of a column in a statement."""
    return path.replace(".", "__")


def source_of(report: Report, who: Access, adopter_id: int | None = None) -> Source:
    """Where a report reads for a person."""
    shows, pack = report.shows, report.pack
    register = registers()[shows.register_]
    numbered = (rule.field for rule in pack.numbering.values() if rule.register_ == register.slug)
    columns = tuple(dict.fromkeys((*shows.columns, *([shows.group] if shows.group else ()))))
    joined = Joined(register, details_of(pack))
    return Source(joined, columns, next(numbered, ""), report.settings(adopter_id), who, adopter_id)


def listing_of(report: Report, source: Source, extra: Iterable[Column] = ()) -> Listing:
    """An empty report with its columns."""
    specs = source.fields
    columns = [Column(name, specs[name].label, specs[name]) for name in report.shows.columns]
    return Listing(source.register.slug, str(report.written.label), [*columns, *extra], [])


def fill(listing: Listing, source: Source, rows: Sequence[Any], lines: Iterable[dict[str, Any]] | None = None) -> None:
    """Turn rows into lines and look up every name that they need; ``lines`` adds what is not of the row."""
    lives = lives_of(source.register, rows)
    more = list(lines) if lines is not None else [{}] * len(rows)
    for row, extra in zip(rows, more, strict=True):
        found = {path: getattr(row, label_of(path)) for path in source.columns}
        listing.lines.append(Line(row.id, found | extra, lives[row.id]))
    listing.names = values.names_of([*names_wanted(source.fields, listing.lines), *step_names(listing.lines)])


def names_wanted(fields: Mapping[str, FieldSpec], lines: Sequence[Line]) -> Iterable[tuple[str, int]]:
    """The rows that the cells of some lines refer to."""
    for path, spec in fields.items():
        if spec.target and spec.stored:
            for line in lines:
                yield from values.wanted_names([spec], lambda _name, line=line, path=path: line.values.get(path))


def step_names(lines: Sequence[Line]) -> Iterable[tuple[str, int | None]]:
    """The units and people of late steps."""
    return ((slug, line.values.get(key)) for line in lines for key, slug in REFERS.items())


REFERS = {"step_unit": "org_unit", "step_owner": "employee"}


def run(query: Any, limit: int = LIMIT) -> tuple[Sequence[Any], bool]:
    """The rows of a query, at most so many, and whether there are more."""
    rows = session.execute(query.limit(limit + 1)).all()
    return rows[:limit], len(rows) > limit
