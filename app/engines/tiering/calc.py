"""Putting a fact into a class of a pack. Pure: no session, no clock."""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Iterable, Mapping
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
    key: str = ""


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
        return next((line for line in self.lines if line.applies and line.tier == self.tier), None)

    @property
    def why_not_next(self) -> Line | None:
        """Of bands the one above; of criteria, tried in order, the last one of another class that failed."""
        at = next((n for n, line in enumerate(self.lines) if line is self.why), None)
        if self.lines and self.lines[0].rule is None:
            following = 0 if at is None else at + 1
            return self.lines[following] if following < len(self.lines) else None
        before = self.lines if at is None else self.lines[:at]
        tried = [line for line in before if line.tier != self.tier and not line.applies]
        return tried[-1] if tried else None


def classify(tier: e.Tier, read: Read, resolve: Resolve) -> Classified:
    """The class of what ``read`` tells; ``resolve`` turns references to parameters into values."""
    lines = _bands(tier, read(tier.fact)) if tier.bands else _criteria(tier, read, resolve)
    found = decisive(tier, lines)
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
    return tuple(test.key for test in prepared(tier, resolve) if test.holds(read))


def decisive(tier: e.Tier, lines: Iterable[Line]) -> Line | None:
    """The line that decides: the first that applies; of a joint class only when all of its lines do."""
    judged = list(lines)
    if not tier.joint:
        return next((line for line in judged if line.applies), None)
    for key in dict.fromkeys(line.tier for line in judged):
        own = [line for line in judged if line.tier == key]
        holding = [line for line in own if line.applies]
        if holding and (key not in tier.joint or len(holding) == len(own)):
            return holding[0]
    return None


@dataclass(frozen=True)
class Test:
    """A criterion whose settings are known, ready to be asked of many rows: fact, bound and what is wanted of it."""

    key: str
    tier: str
    either: bool
    conditions: tuple[tuple[str, str, Any], ...]

    def holds(self, read: Read) -> bool:
        """Whether what ``read`` tells meets it; a fact that is not known meets no bound."""
        for name, bound, wanted in self.conditions:
            if _keeps(read(name), bound, wanted) is self.either:
                return self.either
        return not self.either


def prepared(tier: e.Tier, resolve: Resolve) -> tuple[Test, ...]:
    """The criteria of a table with the values of their settings."""
    return tuple(
        Test(test.key, test.tier, test.either, (
            *((name, AMONG, wanted) for name, wanted in test.when.items()),
            *((name, bound, Decimal(resolve(number))) for name, bound, number in test.numbers),
        ))
        for test in tier.criteria
    )  # fmt: skip


AMONG = "among"
_BOUNDS: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "at_least": operator.ge, "at_most": operator.le, "above": operator.gt, "below": operator.lt,
}  # fmt: skip


def _keeps(value: Any, bound: str, wanted: Any) -> bool:
    if bound == AMONG:
        return meets({"": wanted}, lambda _name: value)
    return value is not None and _BOUNDS[bound](Decimal(value), wanted)


def reached(tier: e.Tier, tests: Iterable[Test], holding: Collection[str]) -> str | None:
    """The class to which the criteria that hold lead; as ``classify``, for many rows at once."""
    own: dict[str, list[bool]] = {}
    for test in tests:
        own.setdefault(test.tier, []).append(test.key in holding)
    for key, results in own.items():
        if all(results) if key in tier.joint else any(results):
            return key
    return tier.default


def _criteria(tier: e.Tier, read: Read, resolve: Resolve) -> tuple[Line, ...]:
    """The criteria in order up to the first that holds, what comes after it was not asked; all with joint classes."""
    lines = []
    for test, ready in zip(tier.criteria, prepared(tier, resolve), strict=True):
        holds = ready.holds(read)
        lines.append(Line(test.tier, tier.classes[test.tier], holds, test.clause, test.basis, test.rule, key=test.key))
        if holds and not tier.joint:
            break
    return tuple(lines)
