"""A kept report as a person may see it: its figures if it is meant for him, and of its rows those within his reach."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from app.areas.complaints.report_snapshot import ReportSnapshot
from app.core import access, paths
from app.core.access import ALL, Access
from app.core.db import session
from app.core.register import Register, registers
from app.engines.deadlines.periods import Period
from app.engines.policy import operations as policy
from app.engines.reports import catalogue, periods_of, snapshots, tables
from app.engines.reports.catalogue import Report
from app.engines.reports.listing import Listing

SLUG = ReportSnapshot.__tablename__
AT_ONCE = 5000
PERSON = "employee"


@dataclass(frozen=True)
class Kept:
    """What a person sees of a kept report; ``hidden`` counts the rows outside his reach."""

    row: Any
    report: Report | None
    period: Period
    listing: Listing | None = None
    figures: Mapping[str, Any] | None = None
    hidden: int = 0

    @property
    def facts(self) -> dict[str, Any]:
        """The same for programs."""
        found: dict[str, Any] = {"id": self.row.id, "report": self.row.report, "period": self.row.period,
                                 "edition": self.row.edition, "status": self.row.status, "hidden": self.hidden,
                                 "figures": self.figures}  # fmt: skip
        return found | {"rows": tables.facts(self.listing) if self.listing else None}


def read(row: Any, person: Access) -> Kept:
    """A kept report for a person who may open its row."""
    pack, totals = policy.pack_for(row.pack_version_id), row.totals or {}
    report = snapshots.report_of(pack, totals)
    bare = Kept(row, report, periods_of.period_of(pack, row.report, row.period, row.period_last))
    if report is None or not meant_for(report, person):
        return bare
    life = policy.bare_lifecycle(row.pack_version_id, report.slug) if report.slug in pack.cases else None
    listing, hidden = snapshots.read_back(pack, row.lines or [], totals, life), 0
    if listing is not None:
        hidden = _leave_out(listing, person)
    figures = totals.get("figures")
    return replace(bare, listing=listing, figures=_for_reader(report, figures, hidden), hidden=hidden)


def meant_for(report: Report, person: Access) -> bool:
    """Whether the policy gives the person something to do with the report, or he sees every row anyway."""
    posts = snapshots.duty_of(report) | _signers(report)
    sees_all = any(reach.scope == ALL for reach in person.reaches(_guard(report), "read"))
    return person.everything or sees_all or person.holds(posts) is not None


def _guard(report: Report) -> str:
    return registers()[report.slug].guarded_by


def _signers(report: Report) -> set[str]:
    """Full codes of the posts that decide about kept reports."""
    routes = (route for route in report.pack.approvals.values() if route.register_ == SLUG)
    return {f"{report.pack.code}.{post}" for route in routes for one in route.stations for post in one.posts}


def _leave_out(listing: Listing, person: Access) -> int:
    """Take out the rows that the person may not read, and what would tell of people among them; how many those are."""
    seen = _within_reach(registers()[listing.slug], [line.id for line in listing.lines], person)
    kept = [line for line in listing.lines if line.id in seen]
    hidden, listing.lines = len(listing.lines) - len(kept), kept
    if hidden and listing.by and listing.by.spec and listing.by.spec.target == PERSON:
        listing.groups = []
    return hidden


def _within_reach(register: Register, ids: Iterable[int], person: Access) -> set[int]:
    table, wanted, found = register.model.__table__, sorted(set(ids)), set[int]()
    for first in range(0, len(wanted), AT_ONCE):
        some = table.c.id.in_(wanted[first : first + AT_ONCE])
        found.update(session.scalars(sa.select(table.c.id).where(some, access.rows(register, "read", person))))
    return found


def _for_reader(report: Report, figures: Mapping[str, Any] | None, hidden: int) -> Mapping[str, Any] | None:
    """The counted figures; tables by person only for a reader from whom no row is hidden."""
    if figures is None or not hidden:
        return figures
    shown = [table for table in figures["tables"] if not any(_names_people(report, path) for path in table["by"])]
    return {**figures, "tables": shown}


def _names_people(report: Report, path: str) -> bool:
    spec = paths.spec_at(registers()[report.slug], path, catalogue.details_of(report.pack))
    return path == "step_owner" or (spec is not None and spec.target == PERSON)


def earlier(row: Any, names: Iterable[str]) -> dict[str, Any]:
    """The standing editions of the same report in other periods, by the name of the period: one statement."""
    same = (ReportSnapshot.adopter_id == row.adopter_id, ReportSnapshot.report == row.report)
    query = sa.select(ReportSnapshot).where(*same, ReportSnapshot.period.in_(tuple(names)))
    query = query.options(sa.orm.undefer(ReportSnapshot.totals)).order_by(ReportSnapshot.edition)
    return {found.period: found for found in session.scalars(query)}
