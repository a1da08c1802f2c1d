"""为什么: the clauses, facts and steps behind a row's clocks, class, authority and amounts, told by the engines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from app.core.whole import Whole

Explainer = Callable[[Whole], Any]
_explainers: dict[str, list[Explainer]] = defaultdict(list)


def explains(topic: str) -> Callable[[Explainer], Explainer]:
    """Name a function that explains one topic (clocks, authority, tier, limits, amounts) of the rows that it knows."""

    def keep(function: Explainer) -> Explainer:
        if function not in _explainers[topic]:
            _explainers[topic].append(function)
        return function

    return keep


def explain(whole: Whole) -> dict[str, Any]:
    """Every topic that has something to say of the row, as JSON; of several functions the first that knows it."""
    told = {topic: next(filter(None, (f(whole) for f in known)), None) for topic, known in _explainers.items()}
    return {topic: what for topic, what in told.items() if what}
