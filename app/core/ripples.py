"""What follows a saved or deleted row, and what may be deleted at all: sums of lines, locks of approved papers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from app.core.errors import Problem, Refusal
from app.core.register import register_of

Follower = Callable[[Any], None]
Judge = Callable[[Any], Iterable[Problem]]

Forerunner = Callable[[Any, str], None]

_followers: dict[str, list[Follower]] = defaultdict(list)
_concerned: dict[Follower, Callable[[Any], bool]] = {}
_judges: dict[str, list[Judge]] = defaultdict(list)
_forerunners: list[Forerunner] = []


def ahead_of_lock(function: Forerunner) -> Forerunner:
    """Call the function with a row and the step (empty for an edit) before the row is locked, so that it may lock
    what is always locked first.
    """
    return _keep(_forerunners, function)


def before_lock(record: Any, key: str) -> None:
    """Tell the forerunners that a row is about to be locked."""
    for run in _forerunners:
        run(record, key)


def after_change(slug: str, *, of_new: Callable[[Any], bool] | None = None) -> Callable[[Follower], Follower]:
    """Call the function with each row of a register that a person created, edited or deleted, after the flush.

    ``of_new`` says which new rows it has anything to do with, so that many may be saved at once.
    """

    def keep(function: Follower) -> Follower:
        if of_new is not None:
            _concerned[function] = of_new
        _keep(_followers[slug], function)
        return function

    return keep


def before_delete(slug: str) -> Callable[[Judge], Judge]:
    """Judge every deletion of a register; yields a problem per reason to keep the row."""
    return lambda function: _keep(_judges[slug], function)


def changed(record: Any) -> None:
    """Tell the followers of a row's register."""
    for follow in _followers[register_of(record).slug]:
        follow(record)


def created(records: Sequence[Any]) -> None:
    """Tell the followers of new rows of one register, of which each sees those that concern it."""
    for follow in _followers[register_of(records[0]).slug] if records else ():
        concerned = _concerned.get(follow)
        for record in records:
            if concerned is None or concerned(record):
                follow(record)


def check_delete(record: Any) -> None:
    """Raise ``Refusal`` with every reason to keep a row."""
    Refusal.when(problem for judge in _judges[register_of(record).slug] for problem in judge(record))


def _keep(known: list[Any], function: Any) -> Any:
    if function not in known:
        known.append(function)
    return function
