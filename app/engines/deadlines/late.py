"""Who wants to know that clocks were found late, such as what proposes a fine for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.engines.deadlines.watch import Due

Follower = Callable[[Sequence[Due]], None]
_followers: list[Follower] = []


def on_late(function: Follower) -> Follower:
    """Call the function with the clocks that a batch of the sweep found late, before anybody is told."""
    if function not in _followers:
        _followers.append(function)
    return function


def tell(late: Sequence[Due]) -> None:
    """Tell everybody who asked; nothing when nothing was late."""
    for follow in _followers if late else ():
        follow(late)
