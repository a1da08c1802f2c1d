"""Trying a policy out: which version, whose settings, what is asked for, and the engines' answer. Saves nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from flask_babel import gettext as _

from app.core import access, clock, kinds, saving
from app.core.db import session
from app.core.errors import NotFound, Problem, Refusal
from app.core.fieldspec import FieldSpec
from app.engines.calculating import operations as calculating
from app.engines.calculating.calc import Calculated
from app.engines.deadlines import trial
from app.engines.deadlines.rules import Rules
from app.engines.deadlines.trial import Trial
from app.engines.limits import operations as limits
from app.engines.limits.calc import Measured
from app.engines.people.models import Employee, OrgUnit
from app.engines.policy import catalogue, inputs
from app.engines.policy import operations as policies
from app.engines.policy.calc import Ruling, Settings
from app.engines.policy.models import PackVersion
from app.engines.policy.reading.words import Wording
from app.engines.tiering import operations as tiering
from app.engines.tiering.calc import Classified
from app.screens.policy_words import named

FIRST, LAST = 2000, 2100
START, WHOLE = "start", "whole_start"
REQUESTED, USED = "requested", "used"
ALL = "all:"
Facts = dict[str, Any]
Fields = Mapping[str, FieldSpec]


@dataclass(frozen=True)
class Chosen:
    """A version of a policy with the settings of a unit; those of the policy itself without one."""

    version: PackVersion
    settings: Settings
    adopter: OrgUnit | None = None

    @property
    def pack(self) -> Any:
        """What the version says."""
        return self.settings.pack

    @property
    def page(self) -> str:
        """The page of the version as addresses name it."""
        return f"{self.version.code}/{self.version.version}"

    @cached_property
    def words(self) -> Wording:
        """Its words."""
        return Wording(self.pack, named)

    def on(self, day: dt.date) -> Settings:
        """The settings as they hold on a day."""
        return policies.settings_for(self.pack, self.adopter.id, day) if self.adopter else Settings(self.pack)


# -- which version, whose settings -------------------------------------------------------------------------------------


def choose(code: str, version: int | None = None, unit_id: int | None = None) -> Chosen:
    """A version of a policy, the one in force unless another is named, with the settings that hold today.

    ``unit_id`` is any unit that works by it. Raises ``NotFound`` for a policy or version that is not there, ``Refusal``
    for a unit that does not work by the policy.
    """
    found = catalogue.policies(code).get(code)
    if found is None:
        raise NotFound()
    row = found.version(version) if version is not None else found.in_force(clock.today()) or found.newest
    if row is None:
        raise NotFound()
    chosen = replace(bare(row), adopter=_adopter(code, unit_id) if unit_id is not None else None)
    return replace(chosen, settings=chosen.on(clock.today()))


def bare(version: PackVersion) -> Chosen:
    """A version with the settings of the policy itself."""
    return Chosen(version, Settings(policies.pack_for(version.id)))


def _adopter(code: str, unit_id: int) -> OrgUnit:
    """The unit itself or the nearest above it that works by the policy."""
    known = session.get(OrgUnit, unit_id)
    for found in policies.adopted(unit_id, clock.today()) if known else ():
        if found.policy == code:
            return session.get_one(OrgUnit, found.unit_id)
    text = _("There is no such unit that works by policy %(code)s.", code=code)
    raise Refusal(Problem(text, "unit_id", "adopted"))


def own_adopter(code: str) -> int | None:
    """The unit whose settings hold where the person works; ``None`` where nobody works by the policy."""
    mine = session.get(Employee, access.current().employee_id or 0)
    here = policies.adopted(mine.unit_id, clock.today()) if mine and mine.unit_id else []
    return next((found.unit_id for found in here if found.policy == code), None)


def entry(chosen: Chosen, section: str, key: Any, field: str) -> Any:
    """An entry of the pack; raises ``Refusal`` naming those there are."""
    table = entries(chosen, section)
    if not isinstance(key, str) or key not in table:
        known = ", ".join(table) or "-"
        text = _("“%(key)s” is not one of: %(known)s.", key=str(key or "")[:60], known=known)
        raise Refusal(Problem(text, field, "unknown"))
    return table[key]


def entries(chosen: Chosen, section: str) -> dict[str, Any]:
    """The entries of a section that can be tried: classes that follow from facts, formulas that are written out."""
    table: Mapping[str, Any] = getattr(chosen.pack, section)
    if section == "tiers":
        return {key: one for key, one in table.items() if one.bands or one.criteria}
    if section in ("limits", "calculations"):
        return {key: one for key, one in table.items() if one.expression is not None}
    return dict(table)


def groups(chosen: Chosen) -> dict[str, list[str]]:
    """The clocks by the register that they run on."""
    found: dict[str, list[str]] = {}
    for key, spec in chosen.pack.clocks.items():
        found.setdefault(spec.register_, []).append(key)
    return found


# -- facts -------------------------------------------------------------------------------------------------------------


def read(fields: Fields, raw: Mapping[str, Any], clause: str, needed: Iterable[str] = ()) -> Facts:
    """Typed facts; raises ``Refusal`` with every one that cannot be read, is unknown or missing, and the clause."""
    given, problems = saving.read_values(fields, raw)
    problems += saving.strangers(fields, raw)
    said = {problem.field for problem in problems}
    problems += [_needed(fields[name], name) for name in needed if given.get(name) is None and name not in said]
    problems += [
        Problem(_("%(field)s: a day between %(first)s and %(last)s is expected.", field=fields[name].label, first=FIRST,
                  last=LAST), name, "period")
        for name, value in given.items() if isinstance(value, dt.date) and not FIRST <= value.year < LAST
    ]  # fmt: skip
    Refusal.when(replace(problem, clause=problem.clause or clause) for problem in problems)
    return given


def _needed(spec: FieldSpec, name: str) -> Problem:
    return Problem(_("“%(field)s” is needed.", field=spec.label), name, "required")


def start_field(label: Any) -> FieldSpec:
    """The instant from which a clock counts."""
    return FieldSpec(kinds.DateTimeKind(), label, name=START, required=True)


# -- answers -----------------------------------------------------------------------------------------------------------


def clock_fields(chosen: Chosen, key: str) -> Fields:
    """What a clock, or every clock of a register (``all:<register>``), asks for."""
    if key.startswith(ALL):
        specs = [chosen.pack.clocks[name] for name in groups(chosen)[key.removeprefix(ALL)]]
        return {START: start_field(_("Begins"))} | inputs.of_clocks(chosen.words, specs)
    spec = chosen.pack.clocks[key]
    asked = inputs.of_clock(chosen.words, spec)
    if spec.from_field:
        return asked
    found = {START: start_field(_started(chosen, spec))} | asked
    if spec.cap:
        cap = chosen.pack.clocks[spec.cap]
        label = _("“%(clock)s” runs since", clock=cap.label)
        found |= {WHOLE: replace(start_field(label), name=WHOLE, required=False)}
        found |= {n: s for n, s in inputs.of_clock(chosen.words, cap).items() if n not in found}
    return found


def _started(chosen: Chosen, spec: Any) -> str:
    """When a clock begins, as the policy says it."""
    moves = chosen.words.moves(spec.register_, spec.start.moves)
    states = chosen.words.states(spec.register_, spec.start.states)
    return _("Begins (%(when)s)", when=moves or states)


def due(chosen: Chosen, key: str, raw: Mapping[str, Any]) -> list[Trial]:
    """The due instant of a clock, or those of every clock of a register, under the settings of the day of the start.

    Raises ``Refusal`` for facts that cannot be read, or that the choice of the limit needs.
    """
    fields = clock_fields(chosen, key)
    several = key.startswith(ALL)
    spec = None if several else chosen.pack.clocks[key]
    begun = spec.from_field if spec is not None and spec.from_field else START
    given = read(fields, raw, spec.clause if spec else "", [begun])
    return run(chosen, key, given)


def run(chosen: Chosen, key: str, given: Facts, settings: Settings | None = None) -> list[Trial]:
    """As ``due`` for facts that were read."""
    start = given.get(START) or clock.now()
    rules = Rules(settings or chosen.on(clock.to_local(start).date()))
    if key.startswith(ALL):
        return trial.try_all(rules, key.removeprefix(ALL), start, given.get)
    found = trial.try_clock(rules, key, start, given.get, given.get(WHOLE))
    if found.reckoned is None:
        Refusal.when(_undecided(chosen, found, given))
    return [found]


def _undecided(chosen: Chosen, found: Trial, given: Facts) -> Iterable[Problem]:
    """Facts without which nobody can say which limit counts, or until when."""
    for name, spec in inputs.of_clock(chosen.words, found.spec).items():
        if given.get(name) is None and name != found.spec.from_field:
            text = _("“%(field)s” decides the limit of “%(clock)s”.", field=spec.label, clock=found.spec.label)
            yield Problem(text, name, found.spec.key, found.spec.clause)


def authority(chosen: Chosen, key: str, raw: Mapping[str, Any]) -> Ruling:
    """Who decides some amounts; raises ``Refusal`` while none is given."""
    table = chosen.pack.authority[key]
    given = read(inputs.of_authority(chosen.words, table), raw, table.clause)
    return policies.ruling_by(chosen.pack, key, given)


def classify(chosen: Chosen, key: str, raw: Mapping[str, Any]) -> Classified:
    """The class of some facts; a number is needed where bands decide."""
    tier = chosen.pack.tiers[key]
    given = read(inputs.of_tier(chosen.words, tier), raw, tier.clause, [tier.fact] if tier.bands else ())
    return tiering.classify_by(chosen.settings, key, given.get)


def calculate(chosen: Chosen, key: str, raw: Mapping[str, Any]) -> Calculated:
    """An amount by a formula; a fact that is not given counts as nothing, but one at least is."""
    formula = chosen.pack.calculations[key]
    return calculating.evaluate(formula, _numbers(chosen, formula, raw), chosen.settings)


def measure(chosen: Chosen, key: str, raw: Mapping[str, Any]) -> Measured:
    """What is asked for against a bound."""
    given = _numbers(chosen, chosen.pack.limits[key], raw, limit=True)
    asked, used = given.pop(REQUESTED) or Decimal(0), given.pop(USED, None) or Decimal(0)
    return limits.measure_by(chosen.settings, key, Decimal(asked), used=Decimal(used), given=given)


def formula_fields(chosen: Chosen, formula: Any, *, limit: bool = False) -> Fields:
    """What a formula asks for; a bound also what is asked of it and what is used already."""
    found = inputs.of_formula(chosen.words, formula)
    if limit:
        kind = inputs.QUANTITIES[formula.result]
        found[REQUESTED] = FieldSpec(kind, _("Requested now"), name=REQUESTED, required=True, minimum=0)
        found[USED] = FieldSpec(kind, _("Used already"), name=USED, minimum=0)
    return found


def _numbers(chosen: Chosen, formula: Any, raw: Mapping[str, Any], *, limit: bool = False) -> Facts:
    fields = formula_fields(chosen, formula, limit=limit)
    given = read(fields, raw, formula.clause, [REQUESTED] if limit else ())
    if formula.inputs and all(given.get(name) is None for name in formula.inputs):
        Refusal.when(_needed_by(fields, formula))
    return given


def _needed_by(fields: Fields, formula: Any) -> Iterable[Problem]:
    first = next(iter(formula.inputs))
    text = _("“%(label)s” needs “%(field)s”.", label=formula.label, field=fields[first].label)
    yield Problem(text, first, formula.key, formula.clause)


Answer = Callable[[Chosen, str, Mapping[str, Any]], Any]
