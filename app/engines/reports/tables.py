"""A report as tables for templates: its lines, and what they come to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from app.core.words import post_label
from app.engines.reports import wording
from app.engines.reports.listing import Column, Line, Listing

Say = Callable[[Listing, Line, Column], Any]


def lines(listing: Listing, say: Say) -> dict[str, Any]:
    """Columns and rows; ``say`` words a cell for a page or for paper."""
    columns = [{"label": column.label, "align": column.align} for column in listing.columns]
    rows = [{"cells": [say(listing, line, column) for column in listing.columns]} for line in listing.lines]
    return {"columns": columns, "rows": rows}


def groups(listing: Listing) -> dict[str, Any] | None:
    """The lines summed up: closed rows by their group with its part of all, late steps by unit and post."""
    if listing.by is None or not listing.lines:
        return None
    return _late_groups(listing) if listing.by.key == "step_unit" else _closed_groups(listing)


def _closed_groups(listing: Listing) -> dict[str, Any]:
    money = {column.key: column.label for column in listing.columns if column.key in listing.sums}
    heads = [(listing.by.label if listing.by else "", ""), (_("Cases"), "end"), (_("Share"), "end")]
    rows = [
        [wording.group_name(listing, group.value), group.count, f"{group.percent:.2f} %"]
        + [f"{group.sums[name]:,.2f}" for name in money]
        for group in listing.groups
    ]
    rows.append([_("Total"), len(listing.lines), ""] + [f"{listing.sums[name]:,.2f}" for name in money])
    return _table([*heads, *((label, "end") for label in money.values())], rows)


def _late_groups(listing: Listing) -> dict[str, Any]:
    heads = [(_("Unit"), ""), (_("Post"), ""), (_("Late steps"), "end"), (_("Still open"), "end")]
    heads += [(_("Days late"), "end"), (_("Slips"), "end")]
    found: dict[tuple[Any, Any], list[Line]] = {}
    for line in listing.lines:
        found.setdefault((line.values["step_unit"], line.values["step_post"]), []).append(line)
    rows = [[_unit(listing, unit), post_label(post or ""), *_counted(some)] for (unit, post), some in found.items()]
    return _table(heads, [*rows, [_("Total"), "", *_counted(listing.lines)]])


def _unit(listing: Listing, unit: int | None) -> str:
    return listing.names.get(("org_unit", unit), "") if unit is not None else _("Not named yet")


def _counted(some: list[Line]) -> list[Any]:
    days = sum((line.values["late_days"] or Decimal(0) for line in some), Decimal(0))
    still_open = sum(line.values["sent"] is None for line in some)
    return [len(some), still_open, days, sum(len(line.values["slips"]) for line in some)]


def _table(heads: Iterable[tuple[Any, str]], rows: Iterable[list[Any]]) -> dict[str, Any]:
    return {
        "columns": [{"label": label, "align": align} for label, align in heads],
        "rows": [{"cells": cells} for cells in rows],
    }


def facts(listing: Listing) -> dict[str, Any]:
    """A report for programs."""
    found: dict[str, Any] = {
        "count": len(listing.lines),
        "more": listing.more,
        "sums": {name: f"{amount:.2f}" for name, amount in listing.sums.items()},
        "groups": [
            {
                "value": group.value,
                "count": group.count,
                "percent": f"{group.percent:.2f}",
                "sums": {name: f"{amount:.2f}" for name, amount in group.sums.items()},
            }
            for group in listing.groups
        ],
    }
    rows = [{column.key: wording.plain(line, column) for column in listing.columns} for line in listing.lines]
    return found | {"result": [{"id": line.id} | row for line, row in zip(listing.lines, rows, strict=True)]}
