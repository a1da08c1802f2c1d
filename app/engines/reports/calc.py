"""Sums and shares of a report. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any

CENT, TENTH = Decimal("0.01"), Decimal("0.1")
WHOLE = Decimal(100)


@dataclass(frozen=True)
class Group:
    """What the lines with one value come to; ``percent`` is their part of all lines."""

    value: Any
    count: int
    percent: Decimal
    sums: Mapping[str, Decimal]


def shares(counts: Sequence[int]) -> list[Decimal]:
    """Each count in per cent of all, to the hundredth, adding up to exactly 100; what is left goes to the largest."""
    whole = sum(counts)
    if not whole:
        return [Decimal(0) for _count in counts]
    found = [(WHOLE * count / whole).quantize(CENT, ROUND_DOWN) for count in counts]
    left = int((WHOLE - sum(found)) / CENT)
    for place in sorted(range(len(counts)), key=lambda n: -counts[n])[:left]:
        found[place] += CENT
    return found


def sums(lines: Sequence[Mapping[str, Any]], names: Sequence[str]) -> dict[str, Decimal]:
    """The sum of each named amount; what is not known counts nothing."""
    return {name: sum((line[name] or Decimal(0) for line in lines), Decimal(0)) for name in names}


def groups(lines: Sequence[Mapping[str, Any]], by: str, names: Sequence[str]) -> list[Group]:
    """The lines summed up by a field, the most lines first; lines without a value come last."""
    found: dict[Any, list[Mapping[str, Any]]] = {}
    for line in lines:
        found.setdefault(line[by], []).append(line)
    ordered = sorted(found.items(), key=lambda item: (item[0] is None, -len(item[1]), str(item[0])))
    parts = shares([len(some) for _value, some in ordered])
    return [
        Group(value, len(some), part, sums(some, names)) for (value, some), part in zip(ordered, parts, strict=True)
    ]


def part_of(part: Decimal, whole: Decimal) -> Decimal | None:
    """A part in per cent of a whole, to the tenth; ``None`` of nothing."""
    return (WHOLE * part / abs(whole)).quantize(TENTH, ROUND_HALF_UP) if whole else None
