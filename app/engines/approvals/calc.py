"""How a route becomes steps and how decisions add up to a result. Pure: no session, no clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

ONE, ALL, ANY, ADDED, COPY, REMARK = "one", "all", "any", "added", "cc", "remark"
WAITING, OPEN, APPROVED, REJECTED, RETURNED = "waiting", "open", "approved", "rejected", "returned"
SKIPPED, TRANSFERRED, RECUSED, TIMED_OUT, READ = "skipped", "transferred", "recused", "timed_out", "read"
REMARKED = "remarked"

PENDING = frozenset({WAITING, OPEN})
DECIDED = frozenset({APPROVED, REJECTED, RETURNED})
BESIDE = frozenset({COPY, REMARK})
COUNTING = frozenset({WAITING, OPEN, APPROVED, REJECTED})
URGE_AGAIN_AFTER = dt.timedelta(hours=1)


@dataclass(frozen=True)
class Station:
    """One stop of a route: the posts asked there, and whether one, all or any of them decide."""

    kind: str
    posts: tuple[str, ...]
    unit_id: int | None = None


@dataclass(frozen=True)
class Seat:
    """One post asked at one position of a request."""

    position: int
    kind: str
    post: str
    unit_id: int | None = None


@dataclass(frozen=True)
class Row:
    """What counts of one approval row."""

    id: int
    position: int
    kind: str
    status: str


@dataclass(frozen=True)
class Progress:
    """Where a request stands: its result so far, the rows to open next, those nobody needs any more."""

    result: str
    opens: tuple[int, ...] = ()
    skips: tuple[int, ...] = ()
    objection: int | None = None


def seats(stations: Iterable[Station]) -> list[Seat]:
    """The rows of a new request: positions count from 1, several posts share the position of their station."""
    return [
        Seat(position, station.kind, post, station.unit_id)
        for position, station in enumerate(stations, start=1)
        for post in station.posts
    ]


def station_result(rows: Sequence[Row]) -> str:
    """The result of one station.

    All-of: everybody approves, one rejection rejects. Any-of: one approval approves, only all rejections reject.
    An added signer gives an opinion that never ends the request.
    """
    statuses = {row.status for row in rows}
    if rows[0].kind == ADDED:
        return OPEN if statuses & PENDING else APPROVED
    decisive, other = (APPROVED, REJECTED) if rows[0].kind == ANY else (REJECTED, APPROVED)
    if decisive in statuses:
        return decisive
    return OPEN if statuses & PENDING else other


def progress(rows: Iterable[Row]) -> Progress:
    """What follows from the rows as they are now; an objection that nobody answers goes back to who asked."""
    counting = sorted((r for r in rows if r.kind != COPY and r.status in COUNTING), key=lambda r: (r.position, r.id))
    skips: list[int] = []
    objection = None
    for _position, grouped in groupby(counting, key=lambda r: r.position):
        station = list(grouped)
        result = station_result(station)
        if result == OPEN:
            opens = tuple(row.id for row in station if row.status == WAITING)
            return Progress(OPEN, opens, tuple(skips))
        if result == REJECTED:
            return Progress(REJECTED, (), tuple(row.id for row in counting if row.status in PENDING))
        skips += [row.id for row in station if row.status in PENDING]
        objection = _objection(station)
    return Progress(OPEN if objection else APPROVED, (), tuple(skips), objection)


def _objection(station: Sequence[Row]) -> int | None:
    return next((row.id for row in station if row.kind == ADDED and row.status == REJECTED), None)


def after(rows: Iterable[Row], row_id: int, decision: str) -> Progress:
    """The progress if one row were decided so."""
    return progress(replace(row, status=decision) if row.id == row_id else row for row in rows)


def rises(ladder: Sequence[str], before: str, now: str) -> bool:
    """Whether ``now`` stands higher on the ladder of authority than ``before``."""
    return ladder.index(now) > ladder.index(before)


def may_urge(last: dt.datetime | None, now: dt.datetime) -> bool:
    """Whether a request may be urged again: at most once an hour."""
    return last is None or now - last >= URGE_AGAIN_AFTER
