"""What a page of a policy is made of: sections of tables, each row with its clause and its basis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

Cell = Any
"""A text, or a sequence of texts that stand one below the other."""


@dataclass(frozen=True)
class Column:
    """The head of a column; numbers stand at its end."""

    label: str
    end: bool = False


@dataclass(frozen=True)
class Row:
    """One sentence of a policy. ``path`` is its place in the pack, ``marks`` are the cells that carry its basis.

    ``settings`` are the parameters that give some of its values; the cell ``given`` shows them.
    """

    path: str
    clause: str
    basis: str
    cells: tuple[Cell, ...]
    marks: tuple[int, ...] = (0,)
    settings: frozenset[str] = frozenset()
    given: int | None = None


@dataclass(frozen=True)
class Table:
    """Rows under one head; ``title`` sets it apart from others of its section, ``path`` is its place in the pack."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    title: str = ""
    path: str = ""


@dataclass(frozen=True)
class Section:
    """A titled part of the page."""

    key: str
    title: str
    tables: tuple[Table, ...]
    hint: str = ""
    half: bool = False

    @property
    def rows(self) -> Iterator[Row]:
        """Every row of every table."""
        for table in self.tables:
            yield from table.rows


@dataclass(frozen=True)
class Assumption:
    """Something the text does not say, and how it is read."""

    number: int
    row: Row
    section: str
    what: str
    reading: str
    setting: bool

    @property
    def name(self) -> str:
        """How it is referred to."""
        return f"A-{self.number:02}"


@dataclass(frozen=True)
class Reading:
    """A whole pack as tables; ``names`` are the assumptions by the path of their row."""

    sections: tuple[Section, ...]
    assumptions: tuple[Assumption, ...]
    stated: int
    names: dict[str, str] = field(default_factory=dict)

    @property
    def assumed(self) -> int:
        """How many rows were not stated."""
        return len(self.assumptions)

    def refs(self, row: Row) -> list[str]:
        """The assumptions that a row rests on: its own, and those of the settings that it takes."""
        paths = [row.path, *(f"parameters.{key}" for key in sorted(row.settings))]
        return [self.names[path] for path in paths if path in self.names]


def lines(cell: Cell) -> Sequence[str]:
    """A cell as lines."""
    return [str(cell)] if isinstance(cell, str) or not isinstance(cell, list | tuple) else [str(part) for part in cell]
