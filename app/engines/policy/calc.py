"""What a pack says about one case: settings, time allowed, who decides and why. Pure: no session, no clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from app.core.errors import Problem
from app.core.lifecycle import Holder, Lifecycle, Move, State, Step
from app.packs import cases as c
from app.packs import entries as e
from app.packs.schema import Pack
from app.packs.types import Ref
from app.packs.values import read_value

Read = Callable[[str], Any]
PICKS: Mapping[str, Callable[[Iterable[Decimal]], Decimal]] = {
    "max": max,
    "min": min,
    "sum": lambda amounts: sum(amounts, Decimal(0)),
}
RULES_GUARD = "pack_rules"
EMPTY: tuple[Any, ...] = (None, "", [])


def meets(when: Mapping[str, tuple[Any, ...]], read: Read) -> bool:
    """Whether every named field has one of its wanted values; of a field with several values one is enough."""
    return all(_any_of(read(name), wanted) for name, wanted in when.items())


def _any_of(value: Any, wanted: tuple[Any, ...]) -> bool:
    return bool(set(value) & set(wanted)) if isinstance(value, list | tuple) else value in wanted


# Settings


@dataclass(frozen=True)
class Settings:
    """The parameters of a pack as they hold for one unit; ``given`` are the unit's own texts."""

    pack: Pack
    given: Mapping[str, str] = field(default_factory=dict)

    def value(self, key: str) -> Any:
        """The typed value of a parameter; raises ``KeyError`` for one that the pack does not have."""
        parameter = self.pack.parameters[key]
        return read_value(parameter, self.given.get(key, parameter.value))

    def resolve(self, written: Any) -> Any:
        """What a place of the pack stands for: its own value, or that of the parameter it names; numbers as Decimal."""
        found = self.value(written.key) if isinstance(written, Ref) else written
        return Decimal(found) if isinstance(found, int) else found


@dataclass(frozen=True)
class Granted:
    """The time a clock gives: a number of units, an instant or day that a field names, or the earlier of both."""

    number: Decimal | None
    unit: str | None
    until: Any
    count_first_day: bool
    to_the_minute: bool
    roll_forward: bool
    clause: str
    basis: str
    at: str | None = None


def granted(clock: e.Clock, settings: Settings, read: Read) -> Granted | None:
    """The first allowance of a clock whose conditions hold; ``None`` when none does."""
    for allowance in clock.allowances:
        if meets(allowance.when, read):
            number = settings.resolve(allowance.number)
            return Granted(
                number, settings.resolve(allowance.unit),
                read(allowance.until_field) if allowance.until_field else None,
                allowance.count_first_day, allowance.to_the_minute, allowance.roll_forward,
                allowance.clause, allowance.basis, allowance.at,
            )  # fmt: skip
    return None


# Authority


@dataclass(frozen=True)
class BandLine:
    """One band of an authority table as it was judged."""

    post: str
    above: Decimal | None
    start: Decimal | None
    up_to: Decimal | None
    below: Decimal | None
    applies: bool
    clause: str
    basis: str


@dataclass(frozen=True)
class Ruling:
    """Who decides, and why: the amounts looked at, the one that counts, and every band with its clause."""

    post: str
    amount: Decimal
    pick: str
    amounts: Mapping[str, Decimal]
    bands: tuple[BandLine, ...]
    clause: str

    @property
    def ladder(self) -> tuple[str, ...]:
        """The posts from the lowest authority to the highest."""
        return tuple(band.post for band in self.bands)


def decide_authority(pack: Pack, key: str, values: Mapping[str, Decimal | None]) -> Ruling:
    """The post that decides under the authority table ``key``; raises ``ValueError`` when no amount is known."""
    table = pack.authority[key]
    amounts = {name: amount for name in table.amounts if (amount := values.get(name)) is not None}
    if not amounts:
        raise ValueError(_("No amount is known yet, so nobody can be named to decide."))
    amount = PICKS[table.pick](amounts.values())
    lines = tuple(
        BandLine(b.post, b.above, b.start, b.up_to, b.below, b.holds(amount), b.clause, b.basis) for b in table.bands
    )
    post = next(line.post for line in lines if line.applies)
    return Ruling(post, amount, table.pick, amounts, lines, table.clause)


# Field rules


def rule_problems(case: c.Case, read: Read, move: str = "") -> Iterator[Problem]:
    """A problem per broken field rule; rules for certain moves count at these only."""
    for name, rule in case.rules.items():
        if rule.on and move not in rule.on:
            continue
        if message := _broken(name, rule, read):
            yield Problem(message, name, "field_rule", rule.clause)


def _broken(name: str, rule: c.FieldRule, read: Read) -> Any:
    value = read(name)
    if value in EMPTY:
        return _("This is needed here.") if rule.required_when and meets(rule.required_when, read) else None
    if rule.empty_when and meets(rule.empty_when, read):
        return rule.remark or _("This stays empty here.")
    return None


# Lifecycle


def lifecycle_of(pack: Pack, register: str) -> Lifecycle:
    """The states and moves of a register's cases; not yet bound to an adopting unit."""
    case = pack.cases[register]
    decided = _outcomes(pack, register)
    return Lifecycle(
        start=case.start,
        states={key: _state(state) for key, state in case.states.items()},
        moves={key: _move(move, decided, bool(case.rules)) for key, move in case.moves.items()},
        steps=tuple(Step(step.label, step.states) for step in case.steps),
        policy=pack.code,
        version=pack.version,
        detail=case.detail or "",
        editors={key: opinion.posts for key, opinion in case.opinions.items()},
        rules=case.rules,
        unused=frozenset(case.unused),
        offers=case.offers,
    )


def _outcomes(pack: Pack, register: str) -> dict[str, tuple[str, str]]:
    """Route and outcome by the move that the outcome makes."""
    routes = (route for route in pack.approvals.values() if route.register_ == register)
    return {move: (route.key, outcome) for route in routes for outcome, move in route.outcomes.items()}


def _state(state: c.State) -> State:
    holder = state.holder
    return State(
        state.key, state.label, state.tone, state.final,
        Holder(holder.post, holder.unit_field, holder.owner) if holder else None, state.editable, state.clause,
    )  # fmt: skip


def _move(move: c.Move, decided: Mapping[str, tuple[str, str]], ruled: bool) -> Move:
    approval, outcome = decided.get(move.key, ("", ""))
    return Move(
        key=move.key, label=move.label, sources=move.sources, target=move.to, posts=move.posts,
        post_field=move.post_field, requires=move.requires, writes=move.writes, sets=move.sets, when=move.when,
        guards=(*([RULES_GUARD] if ruled else []), *move.guards), effects=move.effects,
        approval=approval, outcome=outcome, reason=move.reason, system=move.system, owner_only=move.owner_only,
        confirm=move.confirm or "", tone=move.tone, clause=move.clause,
    )  # fmt: skip


# Differences


@dataclass(frozen=True)
class Difference:
    """One place where two versions of a pack differ; ``None`` means that it is missing there."""

    path: str
    old: str | None
    new: str | None


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    """Every text that changed, in the order of the newer version."""
    before, after = dict(_leaves(old)), dict(_leaves(new))
    paths = [*after, *(path for path in before if path not in after)]
    found = (Difference(path, before.get(path), after.get(path)) for path in paths)
    return [difference for difference in found if difference.old != difference.new]


def _leaves(content: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(content, Mapping):
        for key, inner in content.items():
            yield from _leaves(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(content, list):
        for place, inner in enumerate(content):
            yield from _leaves(inner, f"{path}.{place}")
    else:
        yield path, str(content)
