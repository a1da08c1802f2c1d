"""Days on which a unit owed a row and wrote none, such as the daily reading of a book."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.core import access, clock, values
from app.core.access import ALL, OWN, Access
from app.core.db import session
from app.engines.people.models import OrgUnit
from app.engines.people.operations import holders_many
from app.engines.reports.catalogue import Choice, Report
from app.engines.reports.listing import Column, Line, Listing
from app.engines.reports.rows import source_of

MISSING_ON = Column("missing_on", _l("Day without entry"))


def missing(report: Report, choice: Choice, who: Access, adopter_id: int | None = None) -> Listing:
    """One line for each day of the period, today at the latest, and unit that wrote no row; holidays count.

    What is owed ``once`` has a line for each unit that wrote none up to the end of the period.
    """
    source, shows = source_of(report, who, adopter_id), report.shows
    at, unit = source.column(shows.at), source.column(shows.group)
    first = dt.datetime.min.replace(tzinfo=dt.UTC) if shows.once else choice.first
    where = [*source.conditions(shows), source.joined.within(shows.at, first, choice.after)]
    there = {(row[0], clock.to_local(row[1]).date()) for row in session.execute(source.select(where, unit, at)
             .with_only_columns(unit, at))}  # fmt: skip
    spec = source.joined.spec(shows.group)
    columns = [Column(shows.group, spec.label, spec)]
    listing = Listing(source.register.slug, str(report.written.label),
                      columns if shows.once else [MISSING_ON, *columns], [])  # fmt: skip
    owing = _owing(report, choice, who, adopter_id)
    written = {unit_id for unit_id, _day in there}
    for day in [None] if shows.once else _days(choice):
        for unit_id in owing:
            if unit_id not in written if day is None else (unit_id, day) not in there:
                told = {MISSING_ON.key: day.isoformat()} if day else {}
                listing.lines.append(Line(unit_id, {**told, shows.group: unit_id}))
    listing.names = values.names_of([("org_unit", unit_id) for unit_id in owing])
    return listing


def _owing(report: Report, choice: Choice, who: Access, adopter_id: int | None) -> list[int]:
    """The units in which one of the posts is held, as far as the person sees rows of them."""
    above = session.get(OrgUnit, adopter_id) if adopter_id else None
    seats = holders_many([f"{report.pack.code}.{post}" for post in report.shows.posts], [above.path if above else ""],
                         clock.to_local(choice.now).date())  # fmt: skip
    found = {seat.unit_id for seat in seats if choice.unit_id in (None, seat.unit_id)}
    if not who.everything:
        reaches = [reach for reach in who.reaches(report.shows.register_, "read") if reach.scope != OWN]
        opened = sa.or_(sa.false(), *(OrgUnit.id.in_(access.units(reach)) for reach in reaches if reach.scope != ALL))
        if not any(reach.scope == ALL for reach in reaches):
            found = set(session.scalars(sa.select(OrgUnit.id).where(OrgUnit.id.in_(found), opened)))
    return sorted(found)


def _days(choice: Choice) -> Iterator[dt.date]:
    day, today = clock.to_local(choice.first).date(), clock.to_local(choice.now).date()
    end = min(clock.to_local(choice.after).date(), today + dt.timedelta(days=1))
    while day < end:
        yield day
        day += dt.timedelta(days=1)
