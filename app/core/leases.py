"""Long work in threads of whichever host asks first: taken under a lease, kept batch by batch, taken up again.

The tables have ``id``, ``state``, ``worker`` and ``lease_until``; those of ``Work`` are made with ``Run``.
A host that dies leaves a lease that ends.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import socket
import threading
import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app
from flask_babel import force_locale
from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.core import actor, clock
from app.core.db import session
from app.core.types import Key, RowId, UtcDateTime

LEASE = dt.timedelta(seconds=60)

log = logging.getLogger(__name__)
_busy: set[tuple[str, int]] = set()
_guard = threading.Lock()


class Run:
    """Mixin of tables of long work: on which register, who began it, how far it is, and which host has it."""

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    register: Mapped[str] = mapped_column(Key(60))
    account_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="RESTRICT"), default=actor.user_id)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    locale: Mapped[str] = mapped_column(Key(10))
    total: Mapped[int] = mapped_column(BigInteger, default=0)
    done: Mapped[int] = mapped_column(BigInteger, default=0)
    worker: Mapped[str | None] = mapped_column(Key(80))
    lease_until: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class Lost(Exception):
    """The work was withdrawn, or another host has taken it over."""


def kick(name: str, key: int, carry_on: Callable[[int], Any]) -> None:
    """Let a thread of this process go on with some work, unless one does so already."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    with _guard:
        if (name, key) in _busy:
            return
        _busy.add((name, key))
    threading.Thread(target=_in_thread, args=(app, name, key, carry_on), name=f"{name}-{key}", daemon=True).start()


def _in_thread(app: Flask, name: str, key: int, carry_on: Callable[[int], Any]) -> None:
    try:
        with app.app_context():
            carry_on(key)
    except Exception:
        log.exception("%s run %s broke off", name, key)
    finally:
        with _guard:
            _busy.discard((name, key))


def wait_for(name: str) -> None:
    """Wait for the threads of a kind of work: for tests and an orderly end."""
    for thread in [one for one in threading.enumerate() if one.name.startswith(f"{name}-")]:
        thread.join(timeout=60)


def _free(table: Any) -> Any:
    return table.c.lease_until.is_(None) | (table.c.lease_until < clock.now())


def claim(table: Any, key: int, state: str) -> str | None:
    """Take some work that is in a state for a while; the name under which it is held, or ``None``. Commits."""
    me = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"[:80]
    mine = sa.update(table).where(table.c.id == key, table.c.state == state, _free(table))
    taken = session.execute(mine.values(worker=me, lease_until=clock.now() + LEASE)).rowcount
    session.commit()
    return me if taken else None


def renew(table: Any, key: int, me: str, states: Collection[str]) -> None:
    """Commit the batch if the work is still ours and in one of the states; raises ``Lost`` otherwise."""
    held = table.c.state.in_(states) & (table.c.worker == me) & (table.c.id == key)
    if not session.execute(sa.update(table).where(held).values(lease_until=clock.now() + LEASE)).rowcount:
        session.rollback()
        raise Lost
    session.commit()


def let_go(table: Any, key: int, me: str) -> None:
    """Give work back unfinished. Commits."""
    mine = (table.c.id == key) & (table.c.worker == me)
    session.execute(sa.update(table).where(mine).values(worker=None, lease_until=None))
    session.commit()


def left_lying(table: Any, states: Collection[str]) -> list[int]:
    """Work in one of the states that nobody seems to be doing."""
    waiting = sa.select(table.c.id).where(table.c.state.in_(states), _free(table)).order_by(table.c.id)
    return list(session.scalars(waiting))


def under(table: Any, key: int, state: str, then: Collection[str], act: Callable[[Callable[[], None]], None]) -> bool:
    """Let ``act`` work under a lease, which the function it gets renews after each batch; false if another host has it.

    It leaves the work in its state or one of ``then``; what it raises gives the work back. Commits.
    """
    if (me := claim(table, key, state)) is None:
        return False
    try:
        act(lambda: renew(table, key, me, (state,)))
        renew(table, key, me, (state, *then))
        let_go(table, key, me)
    except Lost:
        session.rollback()
    except Exception:
        session.rollback()
        let_go(table, key, me)
        raise
    return True


@dataclass(frozen=True)
class Work:
    """A kind of long work: its rows, the states in which there is something to do, and what does it.

    ``do`` gets a row's id and state, commits, and says whether there was anything to do for this host.
    """

    name: str
    model: Any
    states: Collection[str]
    do: Callable[[int, str], bool]

    def kick(self, key: int) -> None:
        """Let a thread of this process go on with a row, unless one does so already."""
        kick(self.name, key, self.carry_on)

    def carry_on(self, key: int) -> bool:
        """Do what a row waits for, in the name of whoever began it; whether there was anything to do. Commits."""
        row = session.get(self.model, key)
        if row is None or row.state not in self.states:
            session.rollback()
            return False
        account, locale, state = row.account_id, row.locale, row.state
        session.rollback()
        with actor.acting_as(account), force_locale(locale):
            return self.do(key, state)

    def left_lying(self) -> list[int]:
        """Rows that wait for work which nobody seems to be doing."""
        return left_lying(self.model.__table__, self.states)

    def take_up(self, row: Any) -> None:
        """Whoever looks at a row that nobody works on takes it up again. Commits if so."""
        key = row.id
        if row.state in self.states and key in self.left_lying():
            session.commit()
            self.kick(key)
