"""What is queued and due leaves: claimed and committed first, sent without the database, then settled.

A claim is a lease: whoever is killed while he sends lets it run out, and the messages are sent then. So each leaves
once, or, after a kill between sending and settling, twice; never not at all.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

import sqlalchemy as sa
import structlog

from app.core import barring, clock
from app.core.db import session
from app.engines.notifications import attaching, letters, postman, readers
from app.engines.notifications.calc import Habit, after_quiet, next_attempt
from app.engines.notifications.channels import CannotSend
from app.engines.notifications.letters import Letter
from app.engines.notifications.models import FAILED, IN_APP, MAIL, QUEUED, SENT, OutboxMessage
from app.engines.notifications.open_ways import Ways
from app.engines.notifications.readers import Reader
from app.engines.notifications.settings import Settings
from app.engines.sweeps.registry import on_trial

BATCH = 500
GROUPS = 20  # so many sendings are claimed at a time; their time-outs measure the lease
LEAST = dt.timedelta(minutes=1)
log = structlog.get_logger(__name__)
_box = OutboxMessage.__table__


@dataclass
class Post:
    """One sending: the messages that leave together, to whom, and why it could not leave."""

    channel: str
    ids: tuple[int, ...]
    attempts: int
    urgent: bool
    habit: Habit
    letter: Letter | None = None
    to: str = ""
    failed: CannotSend | None = field(default=None)


def deliver(at: dt.datetime, setting: Settings, ways: Ways) -> Iterator[dict[str, int]]:
    """Send what is due, some sendings at a time; counts of sent, failed and given up."""
    if not ways.channels:
        return
    if cleared := _clear(at, setting, ways):
        yield cleared
    while posts := _claim(at, setting, ways):
        if on_trial():
            yield {"hit": sum(len(post.ids) for post in posts)}
            continue
        yield {}  # committed here: nothing of the database is held while servers are waited for
        postman.carry(posts, ways)
        yield _settle(posts, setting)


def _due(at: dt.datetime, ways: Ways) -> tuple[sa.ColumnElement[bool], ...]:
    return _box.c.state == QUEUED, _box.c.next_at <= at, _box.c.channel.in_(ways.channels)


def _clear(at: dt.datetime, setting: Settings, ways: Ways) -> dict[str, int]:
    """What is too old is given up; what its reader has read in the portal meanwhile need not reach him again."""
    since = sa.func.coalesce(_box.c.read_at, _box.c.created_at)
    old = sa.update(_box).where(*_due(at, ways), since < at - setting.stale)
    stale = session.execute(old.values(state=FAILED, next_at=None, error=CannotSend("stale").kept)).rowcount
    bell = _box.alias()
    read = sa.exists().where(
        bell.c.event == _box.c.event, bell.c.person_id == _box.c.person_id, bell.c.channel == IN_APP,
        bell.c.read_at.is_not(None),
    )
    gone = sa.delete(_box).where(*_due(at, ways), _box.c.channel == MAIL, read)
    return dict(+Counter(given_up=stale, skipped=session.execute(gone).rowcount))


# -- claiming ----------------------------------------------------------------------------------------------------------


def _claim(at: dt.datetime, setting: Settings, ways: Ways) -> list[Post]:
    """The next sendings, leased; rows that another host has just taken are passed over."""
    query = sa.select(_box).where(*_due(at, ways)).order_by(_box.c.channel, _box.c.person_id, _box.c.id).limit(BATCH)
    rows = session.execute(query.with_for_update(skip_locked=True)).all()
    if not rows:
        return []
    people = readers.readers({row.person_id for row in rows}, setting)
    kept = barring.kept_from_many(_place(row) for row in rows)
    posts = [_post(list(part), people, kept, setting, ways) for _key, part in _together(rows)]
    lease = max(at, clock.now()) + LEAST + dt.timedelta(seconds=2 * setting.timeout_seconds * len(posts))
    taken = sa.update(_box).where(_box.c.id.in_([key for post in posts for key in post.ids]))
    session.execute(taken.values(next_at=lease, attempts=_box.c.attempts + 1))
    return posts


def _together(rows: Sequence[Any]) -> Iterable[tuple[Any, Iterable[Any]]]:
    """Rows that leave as one: all of a robot, else those of a person; the last of a full batch may lack some."""
    found = [(key, list(part)) for key, part in groupby(rows, key=lambda row: _bundle(row))]
    return found[: GROUPS if len(rows) < BATCH or len(found) == 1 else min(GROUPS, len(found) - 1)]


def _bundle(row: Any) -> tuple[str, int | None]:
    return row.channel, row.person_id if row.channel == MAIL else None


def _place(row: Any) -> tuple[str, int] | None:
    return (row.of_register, row.record_id) if row.of_register and row.record_id is not None else None


def _post(rows: list[Any], people: dict[int, Reader], kept: Any, setting: Settings, ways: Ways) -> Post:
    """One sending; what is kept from its reader since is taken out of it and given up."""
    closed = [row for row in rows if (place := _place(row)) and _barred(row, kept.get(place, ()))]
    if closed:
        _give_up(closed, CannotSend("kept"))
    left = [row for row in rows if row not in closed]
    channel, reader = rows[0].channel, people.get(rows[0].person_id)
    group = ways.groups.get(channel)
    habit = setting.habit if group or reader is None else reader.habit
    post = Post(
        channel, tuple(row.id for row in left), 1 + max((row.attempts for row in left), default=0),
        any(row.urgent for row in left), habit,
    )
    if group is not None:
        post.letter, post.failed = _written(left, group.language, setting.most, "")
    elif reader is not None and reader.address:
        post.to = reader.address
        post.letter, post.failed = _written(left, reader.language, setting.most, reader.name)
        if post.letter is not None:
            post.letter = replace(post.letter, files=attaching.of(left[: setting.most]))
    else:
        post.failed = CannotSend("nobody", for_good=True)
    return post


def _written(rows: list[Any], language: str, most: int, name: str) -> tuple[Letter | None, CannotSend | None]:
    try:
        return (letters.letter(rows, language, most, name) if rows else None), None
    except Exception as error:  # noqa: BLE001 - whatever one text raises, the other sendings leave
        return None, CannotSend("broken", type(error).__name__)


def _barred(row: Any, kept: Iterable[int]) -> bool:
    """A person is kept from his own; a group from whatever anybody is kept from."""
    return row.person_id in kept if row.channel == MAIL else bool(kept)


def _give_up(rows: list[Any], why: CannotSend) -> None:
    gone = sa.update(_box).where(_box.c.id.in_([row.id for row in rows]))
    session.execute(gone.values(state=FAILED, next_at=None, error=why.kept))


# -- settling ----------------------------------------------------------------------------------------------------------


def _settle(posts: Sequence[Post], setting: Settings) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for post in posts:
        if not post.ids:
            continue
        outcome, values = _outcome(post, setting)
        counts[outcome] += len(post.ids)
        mine = (_box.c.id.in_(post.ids), _box.c.state == QUEUED)
        session.execute(sa.update(_box).where(*mine).values(values))
    return dict(counts)


def _outcome(post: Post, setting: Settings) -> tuple[str, dict[str, Any]]:
    now = clock.now()
    if post.failed is None:
        return "sent", {"state": SENT, "next_at": None, "error": "", "sent_at": now}
    log.warning("notification.failed", channel=post.channel, messages=len(post.ids), reason=post.failed.reason)
    again = None if post.failed.for_good else next_attempt(post.attempts, now, setting.attempts, setting.wait)
    if again is None:
        return "given_up", {"state": FAILED, "next_at": None, "error": post.failed.kept}
    later = again if post.urgent else after_quiet(again, post.habit)
    return "failed", {"state": QUEUED, "next_at": later, "error": post.failed.kept}
