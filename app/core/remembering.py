"""What a transaction, or a page, has asked once it need not ask again, as long as nothing it rests on was written."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import has_request_context, request
from flask_appbuilder.models.sqla import Model
from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction

from app.core import clock
from app.core.db import SAFE_METHODS, session

P = ParamSpec("P")
R = TypeVar("R")
Answers = dict[Any, Any]

KEY = "remembered"


def within_transaction(*models: type[Model]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Keep the answers of a function until the transaction ends or it writes one of the tables of the ``models``.

    For what changes seldom and is asked for at every step: who works by what, with which settings, who holds a post.
    Arguments are hashable, answers are not changed by whoever gets them. What is pending is written first, as a
    statement would have done. Never for what a lock guards: another transaction's commit is not noticed.
    """
    tables = frozenset(model.__table__.name for model in models)

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def ask(*args: P.args, **kwargs: P.kwargs) -> R:
            here = session()
            if here.autoflush:
                here.flush()
            known: Answers = here.info.setdefault(KEY, {}).setdefault(tables, {})
            key = (function, clock.today(), args, tuple(kwargs.items()))
            if key not in known:
                known[key] = function(*args, **kwargs)
            return known[key]

        return ask

    return decorate


def while_reading(function: Callable[P, R]) -> Callable[P, R]:
    """Keep the answers of a function for the request that only reads; whoever writes asks each time.

    For what a lock guards and a page shows in several places. Arguments are hashable, answers are not changed.
    """

    @wraps(function)
    def ask(*args: P.args, **kwargs: P.kwargs) -> R:
        known, key = on_page(function), (args, tuple(kwargs.items()))
        if key not in known:
            known[key] = function(*args, **kwargs)
        return known[key]

    return ask


def on_page(whose: Hashable) -> Answers:
    """What a request that only reads has been answered so far; for whoever writes a new place each time."""
    if not has_request_context() or request.method not in SAFE_METHODS:
        return {}
    found: Answers = request.environ.setdefault("kezhi.on_page", {}).setdefault(whose, {})
    return found


def _forget(here: Session, written: set[str]) -> None:
    kept: dict[frozenset[str], Answers] = here.info.get(KEY, {})
    for tables in [tables for tables in kept if tables & written]:
        del kept[tables]


@event.listens_for(Session, "after_transaction_end")
def _ended(here: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None or transaction.nested:  # a flush has a transaction of its own inside
        here.info.pop(KEY, None)


@event.listens_for(Session, "after_flush")
def _flushed(here: Session, _context: Any) -> None:
    if here.info.get(KEY):
        written = {type(row).__table__.name for rows in (here.new, here.dirty, here.deleted) for row in rows}
        _forget(here, written)


@event.listens_for(Session, "do_orm_execute")
def _executed(state: ORMExecuteState) -> None:
    if not state.is_select and state.session.info.get(KEY):
        table = getattr(state.statement, "table", None)
        if table is None:
            state.session.info.pop(KEY)
        else:
            _forget(state.session, {table.name})
