"""Figures of a period held against the limits that the policy names for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.engines.limits import operations as limits
from app.engines.reports import counting
from app.engines.reports.counting import Extent
from app.engines.reports.measuring import Values

if TYPE_CHECKING:
    from app.packs.figures import Figures


def counted(figures: Figures, extent: Extent) -> dict[str, Any]:
    """What a report counts, fit for JSON; ``lines`` holds for a figure with a line what that is and if it is kept."""
    found = counting.count(figures, extent)
    lines = _judged(figures, extent, found.totals)
    return counting.plain(found) | ({"lines": lines} if lines else {})


def _judged(figures: Figures, extent: Extent, totals: Values) -> dict[str, dict[str, Any]]:
    found = {}
    for key, measure in figures.measures.items():
        value = totals.get(key)
        if measure.line and value is not None:
            held = limits.measure_by(extent.settings, measure.line, value)
            found[key] = {"bound": held.bound, "limit": str(held.limit), "holds": held.holds}
    return found
