"""Putting a fact into a class of a pack. Pure: no session, no clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from app.engines.policy.calc import meets

if TYPE_CHECKING:
    from app.packs import entries as e

Read = Callable[[str], Any]
Resolve = Callable[[Any], Any]


@dataclass(frozen=True)
class Line:
    """One band or criterion as it was judged."""

    tier: str
    label: Any
    applies: bool
    clause: str
    basis: str
    rule: Any = None
    above: Decimal | None = None
    start: Decimal | None = None
    up_to: Decimal | None = None
    below: Decimal | None = None


@dataclass(frozen=True)
class Classified:
    """A class, the figures that go with it, and every band or criterion that led there.

    ``tier`` is ``None`` when no line applies and the pack names no class for that.
    """

    key: str
    tier: str | None
    label: Any
    figures: Mapping[str, Any]
    fact: Any
    lines: tuple[Line, ...]
    clause: str
    basis: str

    @property
    def why(self) -> Line | None:
        """The line that decided; ``None`` when the default counts."""
        return next((line for line in self.lines if line.applies), None)

    @property
    def why_not_next(self) -> Line | None:
        """Of bands the one above; of criteria, tried in order, the last one of another class that failed."""
        at = next((n for n, line in enumerate(self.lines) if line.applies), None)
        if self.lines and self.lines[0].rule is None:
            following = 0 if at is None else at + 1
            return self.lines[following] if following < len(self.lines) else None
        tried = [line for line in (self.lines if at is None else self.lines[:at]) if line.tier != self.tier]
        return tried[-1] if tried else None


def classify(tier: e.Tier, read: Read, resolve: Resolve) -> Classified:
    """The class of what ``read`` tells; ``resolve`` turns references to parameters into values."""
    lines = _bands(tier, read(tier.fact)) if tier.bands else _criteria(tier, read, resolve)
    found = next((line for line in lines if line.applies), None)
    chosen = found.tier if found else tier.default
    return Classified(
        tier.key, chosen, tier.classes[chosen] if chosen else None, figures_of(tier, chosen, resolve),
        read(tier.fact) if tier.fact else None, lines, found.clause if found else tier.clause,
        found.basis if found else tier.basis,
    )  # fmt: skip


def figures_of(tier: e.Tier, chosen: str | None, resolve: Resolve) -> dict[str, Any]:
    """The figures that go with a class, whichever way it was reached."""
    for band in tier.bands or ():
        if band.tier == chosen:
            return {name: resolve(written) for name, written in band.figures.items()}
    return {}


def rank(tier: e.Tier, chosen: str | None) -> int:
    """Where a class stands in the order that the pack writes them in; no class stands before all."""
    return list(tier.classes).index(chosen) if chosen else -1


def _bands(tier: e.Tier, number: Decimal | None) -> tuple[Line, ...]:
    return tuple(
        Line(b.tier, tier.classes[b.tier], number is not None and b.holds(number), b.clause, b.basis, None,
             b.above, b.start, b.up_to, b.below)
        for b in tier.bands or ()
    )  # fmt: skip


def met(tier: e.Tier, read: Read, resolve: Resolve) -> tuple[str, ...]:
    """The keys of every criterion that holds, whichever of them decides."""
    return tuple(test.key for test in tier.criteria if _holds(test, read, resolve))


def _holds(test: e.Criterion, read: Read, resolve: Resolve) -> bool:
    reached = all(
        (number := read(name)) is not None and Decimal(number) >= Decimal(resolve(least))
        for name, least in test.at_least.items()
    )
    return reached and meets(test.when, read)


def _criteria(tier: e.Tier, read: Read, resolve: Resolve) -> tuple[Line, ...]:
    """The criteria in order up to the first that holds; what comes after it was not asked."""
    lines = []
    for test in tier.criteria:
        holds = _holds(test, read, resolve)
        lines.append(Line(test.tier, tier.classes[test.tier], holds, test.clause, test.basis, test.rule))
        if holds:
            break
    return tuple(lines)
