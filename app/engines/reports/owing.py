"""Rows that have not got in a period what each of them is owed, such as a visit in each quarter."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.core.access import SYSTEM, Access
from app.core.register import registers
from app.engines.reports.catalogue import Choice, Report, details_of
from app.engines.reports.joining import Joined
from app.engines.reports.listing import Column, Listing
from app.engines.reports.rows import LIMIT, Source, fill, listing_of, run, source_of

DONE = Column("done_times", _l("Done in the period"))


def owed(report: Report, choice: Choice, who: Access, adopter_id: int | None = None, limit: int = LIMIT) -> Listing:
    """The rows that stand at the end of a period with too little, or too much, of what they are owed: one statement.

    Until the period has ended these are the rows for which something has still to be done.
    """
    source, shows = source_of(report, who, adopter_id), report.shows
    done = _done(report, choice, source)
    there, times = source.column(report.lacks.of) == done.c.whose, sa.func.coalesce(done.c.times, 0)
    where = [*source.conditions(shows), source.joined.standing(shows.at, shows.until, choice.after)]
    where.append(_outside(report, source, times))
    if choice.unit_id is not None:
        where.append(source.joined.table.c.unit_id == choice.unit_id)
    listing = listing_of(report, source, [DONE])
    query = source.select(where, times.label(DONE.key), join=(done, there, True))
    rows, listing.more = run(query.order_by(source.joined.table.c.id), limit)
    fill(listing, source, rows, [{DONE.key: row.done_times} for row in rows])
    return listing


def _done(report: Report, choice: Choice, source: Source) -> Any:
    """How often each row got it in the period, whoever asks."""
    lacks, settings = report.lacks, source.settings
    joined = Joined(registers()[lacks.register_], details_of(report.pack))
    whose = joined.column(lacks.by)
    where = [*joined.chosen(lacks, settings), *joined.of_policy(settings.pack.code, source.adopter_id, SYSTEM)]
    where.append(joined.within(lacks.at, choice.first, choice.after))
    counted = sa.select(whose.label("whose"), sa.func.count().label("times")).select_from(joined.source)
    return counted.where(*where, whose.is_not(None)).group_by(whose).subquery()


def _outside(report: Report, source: Source, times: Any) -> Any:
    lacks = report.lacks
    few = times < source.settings.resolve(lacks.least)
    return few if lacks.most is None else sa.or_(few, times > source.settings.resolve(lacks.most))
