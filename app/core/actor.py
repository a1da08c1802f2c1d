"""Who is acting: the signed-in account, or the account a job runs for."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from flask import g, has_request_context
from flask_login import current_user

_acting: ContextVar[int | None] = ContextVar("acting", default=None)
_act: ContextVar[str | None] = ContextVar("act", default=None)


def user_id() -> int | None:
    """The account's id; ``None`` is the system itself (sweeps, set-up)."""
    if (acting := _acting.get()) is not None:
        return acting
    person = current_user._get_current_object() if has_request_context() else None  # asked for often: resolved once
    return int(person.id) if person and person.is_authenticated else None


def act_id() -> str:
    """One id for everything that a single request or job does; groups its audit rows."""
    if has_request_context():
        if "act_id" not in g:
            g.act_id = uuid.uuid4().hex
        return str(g.act_id)
    return _act.get() or uuid.uuid4().hex


def key_name() -> str:
    """The name of the API key that the request came with; empty for people who have signed in."""
    key = g.get("program_key") if has_request_context() and _acting.get() is None else None
    return str(key.name) if key else ""


@contextmanager
def acting_as(account_id: int | None) -> Iterator[None]:
    """Run a block in the name of an account, as one act."""
    who, what = _acting.set(account_id), _act.set(uuid.uuid4().hex)
    try:
        yield
    finally:
        _acting.reset(who)
        _act.reset(what)
