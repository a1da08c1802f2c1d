"""Credit whatever comes first: Hypothesis plays acts against a world that checks itself, all of it taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from app.core.db import session

QUICK = settings(
    max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None,
    phases=(Phase.explicit, Phase.generate), report_multiple_bugs=False,
)  # fmt: skip
MANY = {"max_examples": 80, "derandomize": False, "print_blob": True}


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
