"""The figures of a period as they are kept: plain values by the columns that the pack names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from app.core import clock, values
from app.core.access import SYSTEM, Access
from app.engines.deadlines.periods import Period
from app.engines.reports import operations
from app.engines.reports.calc import Group
from app.engines.reports.catalogue import Choice, Report
from app.engines.reports.listing import Column, Line, Listing
from app.engines.reports.rows import source_of

if TYPE_CHECKING:
    from app.packs.schema import Pack


@dataclass(frozen=True)
class Figures:
    """Lines and totals in plain values, fit for JSON."""

    lines: list[dict[str, Any]] = field(default_factory=list)
    totals: dict[str, Any] = field(default_factory=dict)


def figures(pack: Pack, key: str, period: Period, adopter_id: int, who: Access) -> Figures:
    """What a report of closed rows comes to in a period for one adopting unit; nothing for a report that shows none.

    Of cases that are kept from the people they are about only the sums are kept: a kept line would know no barrier.
    """
    report = pack.reports.get(key)
    if report is None or report.shows is None or report.shows.kind != "closed":
        return Figures()
    choice = Choice(clock.now(), period)
    found = _plain(operations.closed(Report(pack, report, report.shows), choice, who, adopter_id), key)
    shielded = any(shield.register_ == report.shows.register_ for shield in pack.shields.values())
    return Figures([], found.totals) if shielded else found


def _plain(listing: Listing, key: str) -> Figures:
    specs = {column.key: column.spec for column in listing.columns if column.spec}
    lines = [
        {"id": line.id} | {name: spec.kind.plain(line.values[name]) for name, spec in specs.items()}
        for line in listing.lines
    ]
    groups = [
        {
            "value": group.value,
            "count": group.count,
            "percent": f"{group.percent:.2f}",
            "sums": _amounts(group.sums),
        }
        for group in listing.groups
    ]
    return Figures(lines, {"report": key, "count": len(lines), "sums": _amounts(listing.sums), "groups": groups})


def _amounts(sums: Mapping[str, Any]) -> dict[str, str]:
    return {name: f"{amount:.2f}" for name, amount in sums.items()}


def read_back(pack: Pack, lines: Sequence[Mapping[str, Any]], totals: Mapping[str, Any]) -> Listing | None:
    """A kept report as a listing, with the names of today; ``None`` when nothing was kept."""
    written = pack.reports.get(totals.get("report", ""))
    if written is None or written.shows is None:
        return None
    report = Report(pack, written, written.shows)
    fields = source_of(report, SYSTEM).fields
    kept = [name for name in written.shows.columns if not lines or name in lines[0]]
    columns = [Column(name, fields[name].label, fields[name]) for name in kept]
    listing = Listing(written.shows.register_, str(written.label), columns, [])
    listing.lines = [Line(line["id"], {name: fields[name].kind.read(line[name], fields[name]) for name in kept})
                     for line in lines]  # fmt: skip
    _read_totals(listing, totals, written.shows.group, fields)
    pairs = [pair for line in listing.lines for pair in values.wanted_names((fields[n] for n in kept), line.values.get)]
    if listing.by and listing.by.spec and listing.by.spec.target:
        pairs += [(listing.by.spec.target, group.value) for group in listing.groups if group.value is not None]
    listing.names = values.names_of(pairs)
    return listing


def _read_totals(listing: Listing, totals: Mapping[str, Any], by: str, fields: Mapping[str, Any]) -> None:
    def amounts(kept: Mapping[str, str]) -> dict[str, Any]:
        return {name: fields[name].kind.read(amount, fields[name]) for name, amount in kept.items()}

    listing.sums = amounts(totals["sums"])
    if by:
        listing.by = Column(by, fields[by].label, fields[by])
        listing.groups = [
            Group(group["value"], group["count"], Decimal(group["percent"]), amounts(group["sums"]))
            for group in totals["groups"]
        ]
