"""Reports as they were sent: tables in values fit for JSON, and out of them the workbook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from app.engines.exchange import xlsx
from app.engines.exchange.xlsx import Sheet

READ: Mapping[str, Callable[[str], Any]] = {"t": dt.datetime.fromisoformat, "d": dt.date.fromisoformat, "n": Decimal}


def plain(sheets: Sequence[Sheet]) -> list[dict[str, Any]]:
    """Tables in plain values; numbers, days and instants stay what they are."""
    return [{"title": str(sheet.name), "heads": [str(head) for head in sheet.heads],
             "rows": [[_kept(cell) for cell in row] for row in sheet.rows]} for sheet in sheets]  # fmt: skip


def _kept(cell: Any) -> Any:
    if cell is None or isinstance(cell, bool | int):
        return cell
    if isinstance(cell, dt.datetime):
        return {"t": cell.replace(tzinfo=None, microsecond=0).isoformat()}
    if isinstance(cell, dt.date):
        return {"d": cell.isoformat()}
    return {"n": str(cell)} if isinstance(cell, Decimal) else str(cell)


def read_back(cell: Any) -> Any:
    """A cell out of what was kept."""
    if not isinstance(cell, dict):
        return cell
    kind, text = next(iter(cell.items()))
    return READ[kind](text)


def sheets_of(kept: Sequence[Mapping[str, Any]]) -> list[Sheet]:
    """The tables out of what was kept."""
    return [Sheet(one["title"], one["heads"], [[*map(read_back, row)] for row in one["rows"]]) for one in kept]


def workbook(kept: Sequence[Mapping[str, Any]]) -> bytes:
    """The tables as a workbook."""
    return b"".join(xlsx.stream(sheets_of(kept)))
