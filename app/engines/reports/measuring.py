"""What the counted parts of a measure come to. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from app.engines.calculating import calc as calculating
from app.engines.calculating.calc import Figure

if TYPE_CHECKING:
    from app.packs.figures import Figures, Measure

HUNDREDTH, TENTH, WHOLE = Decimal("0.01"), Decimal("0.1"), Decimal(100)
SECONDS = {"days": 86400, "hours": 3600, "minutes": 60}

Raw = Mapping[str, Sequence[Any]]
Values = dict[str, Decimal | None]


@dataclass(frozen=True)
class Table:
    """Measures by the values of some fields."""

    by: tuple[str, ...]
    measures: tuple[str, ...]
    rows: tuple[tuple[tuple[Any, ...], Values], ...]


@dataclass(frozen=True)
class Counted:
    """What a period comes to, as a whole and by group."""

    totals: Values
    tables: tuple[Table, ...] = ()


def finish(figures: Figures, raw: Raw) -> Values:
    """Every measure whose parts were counted, in the order of the pack; ``None`` where nothing can be said."""
    found = {key: _finished(figures.measures[key], parts) for key, parts in raw.items()}
    for key, measure in figures.measures.items():
        if measure.parts and all(part in found for part in measure.parts):
            found[key] = _derived(measure, found)
    return {key: found[key] for key in figures.measures if key in found}


def _finished(measure: Measure, parts: Sequence[Any]) -> Decimal | None:
    known = [None if part is None else Decimal(part) for part in parts]
    match measure.kind:
        case "count" | "clocks" | "sum":
            return known[0] or Decimal(0)
        case "average":
            return _divided(known[0], known[1], HUNDREDTH)
        case "duration":
            return _divided(known[0], (known[1] or 0) * Decimal(SECONDS[measure.unit or "days"]), TENTH)
        case "on_time":
            return percent(known[0], known[1])
    return known[0]


def _derived(measure: Measure, found: Mapping[str, Decimal | None]) -> Decimal | None:
    if measure.kind == "rate":
        return percent(found[measure.of or ""], found[measure.among or ""])
    values = {name: found[name] for name in measure.parts}
    if measure.expression is None or None in values.values():
        return None
    given = {name: Figure(value, "decimal") for name, value in values.items() if value is not None}
    try:
        return calculating.rounded(calculating.evaluate(measure.expression, given), 2, "half_up")
    except ValueError:
        return None


def percent(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """A part in per cent of a whole, to the hundredth; ``None`` of nothing."""
    return _divided(None if part is None else part * WHOLE, whole, HUNDREDTH)


def _divided(amount: Decimal | None, by: Decimal | int | None, places: Decimal) -> Decimal | None:
    return None if amount is None or not by else (amount / by).quantize(places, ROUND_HALF_UP)


def table(figures: Figures, by: tuple[str, ...], named: tuple[str, ...], raw: Mapping[tuple[Any, ...], Raw]) -> Table:
    """The groups, those with the most first; a group without a value comes last."""
    shown = named or tuple(figures.measures)
    rows = [(values, finish(figures, parts)) for values, parts in raw.items()]
    keys = tuple(key for key in shown if any(key in found for _values, found in rows))
    first = keys[0] if keys else ""
    rows.sort(key=lambda row: (None in row[0], -(row[1].get(first) or 0), tuple(map(str, row[0]))))
    return Table(by, keys, tuple((values, {key: found.get(key) for key in keys}) for values, found in rows))
