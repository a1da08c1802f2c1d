"""Long work in threads of whichever host asks first: taken under a lease, kept batch by batch, taken up again.

The tables have ``id``, ``state``, ``worker`` and ``lease_until``. A host that dies leaves a lease that ends.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import socket
import threading
import uuid
from collections.abc import Callable, Collection
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app

from app.core import clock
from app.core.db import session

LEASE = dt.timedelta(seconds=60)

log = logging.getLogger(__name__)
_busy: set[tuple[str, int]] = set()
_guard = threading.Lock()


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
