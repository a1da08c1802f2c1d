"""Amounts of a case by the formulas of the pack version it runs under."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from app.core import clock
from app.core.errors import Problem, Refusal
from app.engines.calculating.calc import Calculated, Figure, calculate
from app.engines.policy import operations as policy
from app.engines.policy.calc import Settings

if TYPE_CHECKING:
    from app.packs import formulas as f

Given = Mapping[str, Decimal | int | None]

__all__ = ["Calculated", "Given", "amount_of", "evaluate", "settings_of"]


def amount_of(case: Any, key: str, given: Given) -> Calculated:
    """The amount that the calculation ``key`` gives; a fact that is not known counts as nothing.

    ``case`` is any row that runs under a pack version. Raises ``Refusal`` for a division by zero.
    """
    return evaluate(policy.pack_for(case.pack_version_id).calculations[key], given, settings_of(case))


def settings_of(case: Any) -> Settings:
    """The parameters of a case's pack as they hold for its adopter today."""
    return policy.settings_for(policy.pack_for(case.pack_version_id), case.adopter_id, clock.today())


def evaluate(formula: f.Formula, given: Given, settings: Settings) -> Calculated:
    """A formula of a pack for the given facts and a unit's own parameters."""
    facts = {name: Figure(Decimal(given.get(name) or 0), kind) for name, kind in formula.inputs.items()}
    kinds = {name: settings.pack.parameters[name].type for name in formula.uses}
    known = {name: Figure(Decimal(settings.value(name)), kind) for name, kind in kinds.items() if kind not in WORDS}
    try:
        return calculate(formula, {**known, **facts})
    except ValueError as error:
        raise Refusal(Problem(error.args[0], None, formula.key, formula.clause)) from None


WORDS = ("choice", "flag")
