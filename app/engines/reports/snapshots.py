"""The figures of a period as they are kept: plain values by the columns and measures that the pack names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from app.core import clock, values
from app.core.access import SYSTEM, Access
from app.core.lifecycle import Lifecycle, Words
from app.engines.deadlines.periods import Period
from app.engines.reports import lines, operations, wording
from app.engines.reports.calc import Group
from app.engines.reports.catalogue import Choice, Report
from app.engines.reports.counting import Extent
from app.engines.reports.listing import Column, Line, Listing, SlipLine, Stay
from app.engines.reports.rows import names_wanted, source_of

if TYPE_CHECKING:
    from app.packs.schema import Pack

MOST = 5000


@dataclass(frozen=True)
class Figures:
    """Lines and totals in plain values, fit for JSON."""

    lines: list[dict[str, Any]] = field(default_factory=list)
    totals: dict[str, Any] = field(default_factory=dict)


def figures(pack: Pack, key: str, period: Period, adopter_id: int, who: Access) -> Figures:
    """What a report comes to in a period for one adopting unit, its rows and what it counts.

    Of a list of what is open the rows are those of now, whatever the period. Of cases that are kept from the people
    they are about only the sums are kept: a kept row would know no barrier.
    """
    written = pack.reports.get(key)
    if written is None or not (written.shows or written.figures):
        return Figures()
    report, choice = Report(pack, written), Choice(clock.now(), period)
    found = Figures() if written.shows is None else _plain(listing(report, choice, who, adopter_id), key)
    totals = found.totals or {"report": key}
    if written.figures:
        extent = extent_of(report, choice, who, adopter_id)
        totals |= {"figures": lines.counted(written.figures, extent)}
    return Figures([] if _shielded(pack, written) else found.lines, totals)


def _shielded(pack: Pack, written: Any) -> bool:
    shown = written.shows.register_ if written.shows else ""
    return any(shield.register_ == shown for shield in pack.shields.values())


def extent_of(report: Report, choice: Choice, who: Access, adopter_id: int | None) -> Extent:
    """Of whom and when a report counts."""
    return Extent(report.settings(adopter_id), choice.first, choice.after, choice.now, adopter_id, who)


def listing(report: Report, choice: Choice, who: Access, adopter_id: int) -> Listing:
    """The rows of a report as they are kept."""
    if report.shows.kind == "closed":
        return operations.closed(report, choice, who, adopter_id)
    if report.shows.kind == "missing":
        return operations.missing(report, choice, who, adopter_id)
    if report.shows.kind == "owed":
        return operations.owed(report, choice, who, adopter_id, MOST)
    read = operations.running if report.shows.kind == "running" else operations.late
    return read(report, Choice(choice.now), who, adopter_id, MOST)


def _plain(found: Listing, key: str) -> Figures:
    extra = ("step_post",) if found.by and found.by.key == "step_unit" else ()
    lines = [
        {"id": line.id}
        | {column.key: wording.plain(line, column) for column in found.columns}
        | {name: line.values.get(name) for name in extra}
        for line in found.lines
    ]
    groups = [
        {
            "value": group.value,
            "count": group.count,
            "percent": f"{group.percent:.2f}",
            "sums": _amounts(group.sums),
        }
        for group in found.groups
    ]
    totals = {"report": key, "count": len(lines), "sums": _amounts(found.sums), "groups": groups, "more": found.more}
    return Figures(lines, totals)


def _amounts(sums: Mapping[str, Any]) -> dict[str, str]:
    return {name: f"{amount:.2f}" for name, amount in sums.items()}


# -- reading back ----------------------------------------------------------------------------------------------------


def report_of(pack: Pack, totals: Mapping[str, Any]) -> Report | None:
    """The report that was kept, as the version of the policy under which it was kept describes it."""
    written = pack.reports.get(totals.get("report", ""))
    return Report(pack, written) if written and (written.shows or written.figures) else None


def readers_of(report: Report) -> tuple[str, ...]:
    """The posts that a kept report is sent to."""
    keep = report.written.keep
    return keep.readers if keep and keep.readers else report.written.audience


def duty_of(report: Report) -> set[str]:
    """Full codes of the posts that have to do with a kept report: its readers, and whoever completes it."""
    return {*report.makers, *(f"{report.pack.code}.{post}" for post in readers_of(report))}


def read_back(
    pack: Pack, lines: Sequence[Mapping[str, Any]], totals: Mapping[str, Any], life: Lifecycle | None = None
) -> Listing | None:
    """The kept rows as a listing, with the names of today; ``None`` when none were kept."""
    report = report_of(pack, totals)
    if report is None or report.written.shows is None or "count" not in totals:
        return None
    shows, fields = report.shows, source_of(report, SYSTEM).fields
    kept = [name for name in shows.columns if not lines or name in lines[0]]
    columns = [Column(name, fields[name].label, fields[name]) for name in kept]
    found = Listing(shows.register_, str(report.written.label), [*columns, *operations.more_columns(report)], [])
    found.more = bool(totals.get("more"))
    for line in lines:
        cells = {name: fields[name].kind.read(line[name], fields[name]) for name in kept}
        rest = {name: _read(name, value) for name, value in line.items() if name not in kept}
        found.lines.append(Line(line["id"], rest | cells, life))
    _read_totals(found, totals, shows.group, fields)
    if shows.kind == "late":
        found.by = operations.BY_STEP
    pairs = [*names_wanted({name: fields[name] for name in kept}, found.lines), *operations.step_names(found.lines)]
    if found.by and found.by.spec and found.by.spec.target:
        pairs += [(found.by.spec.target, group.value) for group in found.groups if group.value is not None]
    found.names = values.names_of(pairs)
    return found


def _read(name: str, value: Any) -> Any:
    """A cell that is no field of the register: a stay, a step in words, slips, an instant, a number of days."""
    if isinstance(value, dict) and "received" in value:
        late, sent = value["late_days"], value["sent"]
        received, due = dt.datetime.fromisoformat(value["received"]), dt.datetime.fromisoformat(value["due"])
        late_days = None if late is None else Decimal(late)
        return Stay(received, due, dt.datetime.fromisoformat(sent) if sent else None, late_days, value["times"])
    if name == "step":
        return Words(**value)
    if name == "slips":
        return [SlipLine(slip["id"], slip["slip_no"], slip["status"]) for slip in value]
    if value is not None and name in ("received", "due", "sent"):
        return dt.datetime.fromisoformat(value)
    return Decimal(value) if value is not None and name == "late_days" else value


def _read_totals(found: Listing, totals: Mapping[str, Any], by: str, fields: Mapping[str, Any]) -> None:
    def amounts(kept: Mapping[str, str]) -> dict[str, Any]:
        return {name: fields[name].kind.read(amount, fields[name]) for name, amount in kept.items()}

    found.sums = amounts(totals["sums"])
    if by:
        found.by = Column(by, fields[by].label, fields[by])
        found.groups = [
            Group(group["value"], group["count"], Decimal(group["percent"]), amounts(group["sums"]))
            for group in totals["groups"]
        ]
