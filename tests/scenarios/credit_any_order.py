"""Credit whatever comes first: Hypothesis plays acts against a world that checks itself, all of it taken back."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask_appbuilder.security.sqla.models import User
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from app.core import actor, clock
from app.core.db import session
from app.core.errors import Refusal

QUICK = settings(
    max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None,
    phases=(Phase.explicit, Phase.generate), report_multiple_bugs=False,
)  # fmt: skip
MANY = {"max_examples": 80, "derandomize": False, "print_blob": True}


class World(ABC):
    """Acts one after the other, seven minutes apart: what is refused changes nothing, and all is checked after each.

    A policy's world has a method ``_kind`` for each kind of act.
    """

    def __init__(self, begin: dt.datetime) -> None:
        self.at = begin
        self.accounts = dict(session.execute(sa.select(User.username, User.id)).all())
        self.let_go: Counter[str] = Counter()

    def by(self, who: str) -> AbstractContextManager[None]:
        """Act as somebody."""
        return actor.acting_as(self.accounts[who])

    def act(self, kind: str, number: int, pick: int) -> None:
        """The next act."""
        self.at += dt.timedelta(minutes=7)
        with clock.freeze(self.at):
            try:
                with session.begin_nested():
                    getattr(self, f"_{kind}")(number, pick)
            except Refusal:
                pass
            session.expire_all()
            self.check()

    @abstractmethod
    def check(self) -> None:
        """What must be true whatever has been done."""


def live_through(
    portal: Flask, world: Callable[[], Any], acts: Sequence[str], full: Sequence[tuple[str, int]], **how: Any
) -> Counter[str]:
    """Let worlds live through many orders of acts, ``full`` among them; how often something was let go, by its way."""
    let_go: Counter[str] = Counter()
    steps = st.lists(st.tuples(st.sampled_from(acts), st.integers(1, 9999), st.integers(0, 9)), min_size=4, max_size=17)

    @settings(QUICK, **how)
    @example([(key, 1234, pick) for key, pick in full])
    @given(steps)
    def live(wanted: list[tuple[str, int, int]]) -> None:
        with portal.app_context():
            try:
                made = world()
                for kind, number, pick in wanted:
                    made.act(kind, number, pick)
                let_go.update(made.let_go)
            finally:
                session.rollback()
                session.remove()

    live()
    return let_go
