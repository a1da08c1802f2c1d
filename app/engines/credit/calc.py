"""The verdict on a document: which way lets it go, or why none does. Pure: no session, no clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from app.core.expressions import Call, Formula, Name, names_in
from app.engines.calculating.calc import Figure, evaluate, rounded

if TYPE_CHECKING:
    from app.packs import credit as c

NOTHING = Decimal(0)
Read = Callable[[str], Any]
Window = tuple[dt.date, dt.date]


@dataclass(frozen=True)
class Term:
    """One of the amounts of which the lowest is the limit; ``None`` when nobody set it, so that it binds nothing.

    ``window`` are the first and last day that it counts.
    """

    label: Any
    amount: Decimal | None
    binds: bool = False
    window: Window | None = None


@dataclass(frozen=True)
class Ceiling:
    """What a limit comes to, and which of its terms binds it; ``amount`` is ``None`` while nothing bounds it."""

    key: str
    label: Any
    amount: Decimal | None
    terms: tuple[Term, ...]
    clause: str
    basis: str

    @property
    def binding(self) -> Term | None:
        """The term that binds."""
        return next((term for term in self.terms if term.binds), None)


@dataclass(frozen=True)
class Part:
    """A part of what is used."""

    key: str
    label: Any
    amount: Decimal


@dataclass(frozen=True)
class Missed:
    """A condition of a way that does not hold: what is wanted of a fact, and what it is; or a field left empty."""

    name: str
    label: Any
    wanted: tuple[Any, ...] = ()
    found: Any = None
    empty: bool = False


@dataclass(frozen=True)
class Barred:
    """What stops a document whatever its limit; ``shown`` is what its sentence names, ``lifted_by`` ways pass it."""

    key: str
    label: Any
    shown: Any
    lifted_by: tuple[str, ...]
    clause: str
    basis: str


@dataclass(frozen=True)
class Tried:
    """One way as it was judged: its conditions, and what is asked for against its ceiling."""

    key: str
    label: Any
    ceiling: Ceiling
    used: Decimal
    requested: Decimal
    times: Decimal
    strict: bool
    total: bool
    missed: tuple[Missed, ...]
    held: bool
    clause: str
    basis: str
    barred: tuple[Barred, ...] = ()
    moves: tuple[str, ...] = ()

    @property
    def counted(self) -> Decimal:
        """What is set against the ceiling."""
        return self.used + self.times * self.requested

    @property
    def bounded(self) -> bool:
        """Whether it stays within the ceiling; a ceiling that nobody set stops nothing only for who is unlimited."""
        limit = self.ceiling.amount
        return limit is None or (self.counted < limit if self.strict else self.counted <= limit)

    @property
    def fits(self) -> bool:
        """Whether the document may go this way."""
        return not self.missed and not self.held and not self.barred and self.bounded

    def taken_by(self, move: str) -> bool:
        """Whether a step may take this way."""
        return not self.moves or move in self.moves

    @property
    def excess(self) -> Decimal:
        """By how much the ceiling is passed; nothing when it is not."""
        return max(self.counted - self.ceiling.amount, NOTHING) if self.ceiling.amount is not None else NOTHING

    @property
    def headroom(self) -> Decimal:
        """What may still be asked for; never negative."""
        return max((self.ceiling.amount or NOTHING) - self.used, NOTHING)


@dataclass(frozen=True)
class Hold:
    """Why and since when a customer gets no more credit."""

    reason: str
    since: Any
    clause: str = ""


@dataclass(frozen=True)
class Verdict:
    """What lets a document go, or why nothing does."""

    parts: tuple[Part, ...]
    requested: Decimal
    tried: tuple[Tried, ...]
    hold: Hold | None = None
    unlimited: bool = False
    classes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def used(self) -> Decimal:
        """What is used of the limit without the document."""
        return sum((part.amount for part in self.parts), NOTHING)

    @property
    def chosen(self) -> Tried | None:
        """The first way that fits."""
        return next((way for way in self.tried if way.fits), None)

    def goes(self, move: str) -> bool:
        """Whether a step may take the way that was chosen."""
        return self.chosen is not None and self.chosen.taken_by(move)

    @property
    def main(self) -> Tried:
        """The way whose limit is shown: the chosen one if it counts what is used, else the nearest that does."""
        ways = [way for way in self.tried if way.total]
        if (chosen := self.chosen) is not None and (chosen.total or not ways):
            return chosen
        return min(ways or self.tried, key=lambda way: len(way.missed))

    def of(self, route: str | None) -> Tried | None:
        """A way by its key."""
        return next((way for way in self.tried if way.key == route), None)

    def still_fits(self, route: str | None) -> bool:
        """Whether a way found earlier, or one that comes before it, still fits."""
        for way in self.tried:
            if way.fits and way.total:
                return True
            if way.key == route:
                return way.fits
        return False


def ceiling(
    key: str, label: Any, expression: Formula, figures: Mapping[str, Figure | None], words: Mapping[str, Any], *,
    windows: Mapping[str, Window] | None = None, places: int = 2, rounding: str = "half_up", clause: str = "",
    basis: str = "",
) -> Ceiling:  # fmt: skip
    """What a formula of a limit comes to: terms of a ``min`` that nobody set are left out, and the lowest binds."""
    parts = expression.parts if isinstance(expression, Call) and expression.function == "min" else (expression,)
    amounts = [_amount(part, figures, places, rounding) for part in parts]
    known = [amount for amount in amounts if amount is not None]
    lowest = min(known) if known else None
    terms, found = [], False
    for part, amount in zip(parts, amounts, strict=True):
        binds = amount is not None and amount == lowest and not found
        found = found or binds
        spans = [windows[name] for name in names_in(part) if windows and name in windows]
        terms.append(Term(_words(part, words) or label, amount, binds, spans[0] if spans else None))
    return Ceiling(key, label, lowest, tuple(terms), clause, basis)


def _amount(part: Formula, figures: Mapping[str, Figure | None], places: int, rounding: str) -> Decimal | None:
    if any(figures.get(name) is None for name in names_in(part)):
        return None
    known = {name: figure for name, figure in figures.items() if figure is not None}
    return rounded(evaluate(part, known), places, rounding)


def _words(part: Formula, words: Mapping[str, Any]) -> Any:
    if isinstance(part, Name):
        return words.get(part.name)
    names = [str(words[name]) for name in names_in(part) if name in words]
    return " · ".join(dict.fromkeys(names))


@dataclass(frozen=True)
class Question:
    """What is asked for: an amount over what is used, of what is known of customer and document."""

    requested: Decimal
    parts: tuple[Part, ...]
    read: Read
    ceiling: Callable[[str], Ceiling]
    resolve: Callable[[Any], Any]
    name: Callable[[str], Any] = str
    say: Callable[[str, Any], Any] = lambda _name, value: value
    hold: Hold | None = None
    unlimited: bool = False


def judge(routes: Iterable[c.Route], asked: Question, bars: Iterable[c.Bar] = ()) -> Verdict:
    """The verdict by the ways of a policy, in their order; what comes after the first that fits is not asked."""
    used, tried = sum((part.amount for part in asked.parts), NOTHING), list[Tried]()
    standing = list(barred(bars, asked))
    for route in routes:
        tried.append(_tried(route, asked, used, standing))
        if tried[-1].fits:
            break
    return Verdict(asked.parts, asked.requested, tuple(tried), asked.hold, asked.unlimited)


def barred(bars: Iterable[c.Bar], asked: Question) -> Iterable[Barred]:
    """The bars that stand against a document."""
    for bar in bars:
        if _holds(bar.when, asked) and not (bar.unless and _holds(bar.unless, asked)):
            shown = asked.say(bar.shows, asked.read(bar.shows)) if bar.shows else ""
            yield Barred(bar.key, bar.label, shown, bar.lifted_by, bar.clause, bar.basis)


def _holds(when: Mapping[str, tuple[Any, ...]], asked: Question) -> bool:
    return all(asked.read(name) in wanted for name, wanted in when.items())


def _tried(route: c.Route, asked: Question, used: Decimal, standing: Iterable[Barred]) -> Tried:
    total = route.counts == "total"
    free = asked.unlimited and total
    return Tried(
        route.key, route.label, _ceiling(route, asked, free=free), used if total else NOTHING, asked.requested,
        Decimal(asked.resolve(route.times) or 1), route.strict, total,
        () if free else tuple(_missed(route, asked)), asked.hold is not None and not route.despite_hold,
        route.clause, route.basis, tuple(bar for bar in standing if route.key not in bar.lifted_by), route.moves,
    )  # fmt: skip


def _ceiling(route: c.Route, asked: Question, *, free: bool) -> Ceiling:
    """The bound of a way: none for who is free of limits or where the approval sets it; one nobody set is nothing."""
    if route.limit is None:
        return Ceiling("", route.label, None, (), route.clause, route.basis)
    found = asked.ceiling(route.limit)
    if free:
        return Ceiling(found.key, found.label, None, (), found.clause, found.basis)
    if found.amount is None:
        return Ceiling(found.key, found.label, NOTHING, found.terms, found.clause, found.basis)
    return found


def _missed(route: c.Route, asked: Question) -> Iterable[Missed]:
    for name, wanted in route.when.items():
        if (found := asked.read(name)) not in wanted:
            said = tuple(asked.say(name, value) for value in wanted)
            yield Missed(name, asked.name(name), said, asked.say(name, found))
    for name in route.needs:
        if asked.read(name) in (None, "", []):
            yield Missed(name, asked.name(name), empty=True)
