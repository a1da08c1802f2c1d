"""What a report comes to, before anybody words it: columns, lines, groups and sums."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from app.core.fieldspec import FieldSpec
from app.core.lifecycle import Lifecycle
from app.core.values import Names
from app.engines.reports.calc import Group


@dataclass(frozen=True)
class Stay:
    """One clock of a row: when it began, until when it ran, when it stopped, and by how many working days it is late.

    ``times`` counts how often the row came to that step.
    """

    received: dt.datetime
    due: dt.datetime
    sent: dt.datetime | None
    late_days: Decimal | None
    times: int = 1


@dataclass(frozen=True)
class SlipLine:
    """A slip in a cell."""

    id: int
    number: str
    status: str


@dataclass(frozen=True)
class Column:
    """A column of a report: a field of the register, or something that its clocks say."""

    key: str
    label: Any
    spec: FieldSpec | None = None

    @property
    def align(self) -> str:
        """Where the cells stand."""
        return self.spec.kind.align if self.spec else "end" if self.key in ("late_days", "urged") else ""


@dataclass(frozen=True)
class Line:
    """One line: the row that it is about, and a value for each column."""

    id: int
    values: Mapping[str, Any]
    life: Lifecycle | None = None


@dataclass
class Listing:
    """A report as it stands; ``more`` says that there are more lines than it shows."""

    slug: str
    title: str
    columns: list[Column]
    lines: list[Line]
    names: Names = field(default_factory=dict)
    by: Column | None = None
    groups: list[Group] = field(default_factory=list)
    sums: Mapping[str, Decimal] = field(default_factory=dict)
    more: bool = False
