"""What happens last in a transaction, when everything is flushed: locks that everybody wants are held shortest so."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from sqlalchemy import event

from app.core.db import session

LAST = "last_acts"


def at_last(key: Hashable, act: Callable[[], None]) -> None:
    """Call ``act`` right before the commit, once for each ``key``; what it raises stops the commit."""
    session.info.setdefault(LAST, {}).setdefault(key, act)


def _before_commit(ending: Any) -> None:
    if ending.in_nested_transaction() or not (acts := ending.info.pop(LAST, None)):
        return
    ending.flush()
    for _key, act in sorted(acts.items(), key=lambda entry: str(entry[0])):
        act()
    ending.flush()


def _forget(ending: Any, previous: Any) -> None:
    """What was rolled back to its beginning has nothing left to do last."""
    if not ending.in_nested_transaction():
        ending.info.pop(LAST, None)


event.listen(session, "before_commit", _before_commit)
event.listen(session, "after_soft_rollback", _forget)
