"""为什么: the clauses, facts and steps behind a row's clocks, class, authority and amounts, told by the engines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.core.whole import Whole

Explainer = Callable[[Whole], Any]
_explainers: dict[str, Explainer] = {}


def explains(topic: str) -> Callable[[Explainer], Explainer]:
    """Name the function that explains one topic (clocks, authority, tier, limit, amounts) of any row."""
    return lambda function: _explainers.setdefault(topic, function)


def explain(whole: Whole) -> dict[str, Any]:
    """Every topic that has something to say of the row, as JSON."""
    told = {topic: function(whole) for topic, function in _explainers.items()}
    return {topic: what for topic, what in told.items() if what}
