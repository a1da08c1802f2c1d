"""Rows of a list taken out as they are shown: the same columns, filters, order, masks and words; streamed."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.core import access, clock, masking, moves, query, values
from app.core.db import session
from app.core.fieldspec import FieldSpec
from app.core.lifecycle import Lifecycle
from app.core.query import Criteria
from app.core.register import Register
from app.engines.exchange import plan, xlsx
from app.engines.exchange.xlsx import Layout, Sheet

BATCH = 1000
CSV_MIME = "text/csv; charset=utf-8"
FORMATS = {"xlsx": xlsx.MIME, "csv": CSV_MIME}
FORMULA = ("=", "+", "-", "@", "\t", "\r")
CASE = ("policy", "pack_version_id", "adopter_id", "status")
Shown = Callable[[Any, values.Names, Lifecycle | None], Any]


def columns_of(register: Register, wanted: Sequence[str]) -> dict[str, FieldSpec]:
    """The columns that were asked for, in that order, as far as a list may have them; the list's own if none was."""
    known = query.listable(register)
    names = [name for name in dict.fromkeys(wanted) if name in known] or list(register.list)
    return {name: known[name] for name in names if known[name].stored}


def reachable(register: Register, criteria: Criteria) -> Criteria:
    """What was asked for, of the rows that the person may take out."""
    return criteria.where(access.rows(register, "export"))


def count(register: Register, criteria: Criteria) -> int:
    """How many rows that is."""
    found = query.every(register, criteria).order_by(None).subquery()
    return int(session.scalar(sa.select(sa.func.count()).select_from(found)) or 0)


@dataclass(frozen=True)
class Export:
    """Rows about to be taken out: everything that asks for the person is settled before the first is sent."""

    register: Register
    columns: Mapping[str, FieldSpec]
    rows: sa.Select[Any]

    @property
    def heads(self) -> list[str]:
        """What the columns are called."""
        return [plan.head_of(spec) for spec in self.columns.values()]


def prepare(register: Register, criteria: Criteria, columns: Mapping[str, FieldSpec]) -> Export:
    """Settle what is taken out."""
    needed = [*columns, *(CASE if register.from_pack else ())]
    return Export(register, columns, query.every(register, criteria, needed))


def lines(export: Export) -> Iterator[list[Any]]:
    """The rows, cell by cell: numbers and days as such, everything else in words."""
    register, columns = export.register, export.columns
    rows = session.execute(export.rows.execution_options(yield_per=BATCH))
    show = [(at, _shown(spec)) for at, spec in enumerate(columns.values(), start=1)]
    specs = [spec for spec in columns.values() if spec.target]
    names: dict[tuple[str, int], str] = {}
    lives = _Lives(register)
    for batch in rows.partitions():
        if specs:
            wanted = {p for row in batch for p in values.wanted_names(specs, row._mapping.__getitem__)} - names.keys()
            names = ({} if len(names) > 50 * BATCH else names) | values.names_of(wanted)
        for row in batch:
            life = lives.of(row)
            yield [value if (value := row[at]) is None else form(value, names, life) for at, form in show]


class _Lives:
    """The lifecycle of each row; one look-up per pack version."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self._known: dict[int, Lifecycle | None] = {}

    def of(self, row: Any) -> Lifecycle | None:
        """The machine a row runs under."""
        if not self.register.from_pack:
            return self.register.lifecycle
        version = row.pack_version_id
        if version not in self._known:
            self._known[version] = moves.lifecycle_by(version, self.register.slug)
        return self._known[version]


def _shown(spec: FieldSpec) -> Shown:
    """How a value of the field goes into a cell."""
    kind = spec.kind.name
    if kind == "personal":
        return lambda value, _names, _life: masking.mask(spec.mask, value)
    if kind in ("text", "longtext") and not spec.words:
        return lambda value, _names, _life: value
    if kind == "ref":
        return lambda value, names, _life: names.get((spec.target, value), str(value))
    if kind == "choice" and not spec.words:
        labels = {key: str(label) for key, label in spec.choices.items()}
        return lambda value, _names, _life: labels.get(value, value)
    if kind in ("money", "integer", "decimal", "percent", "date"):
        return lambda value, _names, _life: value
    if kind == "datetime":
        return lambda value, _names, _life: clock.to_local(value).replace(tzinfo=None)
    return lambda value, names, life: values.text(spec, value, names, life)


def workbook(export: Export) -> Iterator[bytes]:
    """The rows as a workbook."""
    heads = export.heads
    layout = Layout(heads=[xlsx.HEAD] * len(heads), widths=[18] * len(heads))
    return xlsx.stream([Sheet(str(export.register.label), heads, lines(export), layout)], effort=1)


def text(export: Export) -> Iterator[bytes]:
    """The rows as comma-separated text with the mark by which Excel knows UTF-8; nothing becomes a formula."""
    held = io.StringIO()
    writer = csv.writer(held)
    writer.writerow(export.heads)
    yield b"\xef\xbb\xbf"
    for some in xlsx.batched(lines(export)):
        writer.writerows([_plain(value) for value in row] for row in some)
        yield held.getvalue().encode()
        held.seek(0)
        held.truncate()
    yield held.getvalue().encode()


def _plain(value: Any) -> Any:
    """A cell of a text table; a sheet must not take it for a formula, nor round it."""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA) else value
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return f"{value:f}" if isinstance(value, Decimal) else value
