"""What is known of a customer on a day: facts, classes and limits, each found when it is first asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

from app.engines.calculating.calc import Figure
from app.engines.credit.calc import Ceiling, ceiling
from app.engines.credit.registry import Asked, folded, known_facts
from app.engines.policy.calc import Settings
from app.engines.policy.reading.crediting import GIVEN
from app.engines.policy.reading.words import value_words
from app.engines.tiering import operations as tiering
from app.engines.tiering.operations import Classified


class Survey:
    """The facts of all customers of an adopting unit on a day: one statement for each fact that is asked."""

    def __init__(self, settings: Settings, adopter_id: int, day: dt.date) -> None:
        self.settings, self.adopter_id, self.day = settings, adopter_id, day
        self._found: dict[str, Mapping[int, Any]] = {}
        self._shared: dict[Any, Any] = {}

    def values(self, name: str) -> Mapping[int, Any]:
        """A fact of everybody of whom something is found."""
        if name not in self._found:
            assert self.settings.pack.credit is not None
            wanted = self.settings.pack.credit.facts[name]
            asked = Asked(self.adopter_id, self.day, None, arguments_of(self.settings, wanted), shared=self._shared)
            self._found[name] = picked(known_facts()[wanted.function].find(asked), wanted.pick)
        return self._found[name]

    def of(self, members: Sequence[int]) -> Knowledge:
        """What is known of one customer or group."""
        return Knowledge(self.settings, self.adopter_id, self.day, members, survey=self)


class Knowledge:
    """Facts of one customer (or group) under a policy; ``document`` reads the document in question.

    ``given`` are names that are known without asking, such as whether anything is used; ``party`` is the customer of
    the document, for facts that are its own, and ``without`` the id of the document.
    """

    def __init__(
        self, settings: Settings, adopter_id: int, day: dt.date, members: Sequence[int],
        document: Callable[[str], Any] = lambda _name: None, labels: Callable[[str], Any] = str,
        survey: Survey | None = None, party: int | None = None, without: int | None = None,
    ) -> None:  # fmt: skip
        credit = settings.pack.credit
        if credit is None:
            raise LookupError(f"{settings.pack.code} has no credit")
        self.settings, self.adopter_id, self.day, self.members = settings, adopter_id, day, members
        self.credit, self.document, self.labels = credit, document, labels
        self.survey, self.party, self.without = survey, party or members[0], without
        self.given: Mapping[str, Any] = {}
        self._known: dict[str, Any] = {}
        self._found: dict[Any, Mapping[int, Any]] = {}
        self._shared: dict[bool, dict[Any, Any]] = {}
        self._classes: dict[str, Classified] = {}

    def read(self, name: str) -> Any:
        """A fact, a class or a field of the document."""
        if name in self.credit.facts:
            return self.fact(name)
        if name in self.given:
            return self.given[name]
        if name in self.settings.pack.tiers:
            return self.classified(name).tier
        return self.document(name)

    def fact(self, name: str) -> Any:
        """A fact of the policy; one statement when it is first asked, for all facts that are found together."""
        if name not in self._known:
            wanted = self.credit.facts[name]
            members = [self.party] if wanted.own else self.members
            values = self.survey.values(name) if self.survey is not None else self._find(wanted, members)
            self._known[name] = folded(known_facts()[wanted.function], values, members)
        return self._known[name]

    def _find(self, wanted: Any, members: Sequence[int]) -> Mapping[int, Any]:
        arguments = arguments_of(self.settings, wanted)
        place = (wanted.function, wanted.own, *sorted(arguments.items()))
        if place not in self._found:
            shared = self._shared.setdefault(wanted.own, {})
            asked = Asked(
                self.adopter_id, self.day, members, arguments, self.document, self.without, self.read, shared
            )
            self._found[place] = known_facts()[wanted.function].find(asked)
        return picked(self._found[place], wanted.pick)

    def classified(self, key: str) -> Classified:
        """A class of the policy, with its reasons."""
        if key not in self._classes:
            self._classes[key] = tiering.classify_by(self.settings, key, self.read)
        return self._classes[key]

    def name(self, name: str) -> Any:
        """What a fact, class or field is called."""
        if name in self.credit.facts:
            return self.credit.facts[name].label
        if name in self.settings.pack.tiers:
            return self.settings.pack.tiers[name].label
        return GIVEN[name] if name in self.given else self.labels(name)

    def say(self, name: str, value: Any) -> Any:
        """A value of a fact or class in words."""
        if name in self.settings.pack.tiers and value is not None:
            return self.settings.pack.tiers[name].classes[value]
        if name in self.credit.facts and value in self.credit.facts[name].choices:
            return self.credit.facts[name].choices[value]
        return value_words(None, value)

    @cached_property
    def windows(self) -> Mapping[str, tuple[dt.date, dt.date]]:
        """The first and last day of every fact that counts so many ``days`` before the day."""
        counted = {name: arguments_of(self.settings, fact).get("days") for name, fact in self.credit.facts.items()}
        one = dt.timedelta(days=1)
        return {name: (self.day - int(days) * one, self.day - one) for name, days in counted.items() if days}

    @cached_property
    def words(self) -> Mapping[str, Any]:
        """What the facts and settings are called."""
        return {key: fact.label for key, fact in self.credit.facts.items()} | {
            key: parameter.label for key, parameter in self.settings.pack.parameters.items()
        }

    def ceiling(self, key: str) -> Ceiling:
        """What a limit of the policy comes to for the customer."""
        limit = self.settings.pack.limits[key]
        assert limit.expression is not None
        return ceiling(
            key, limit.label, limit.expression, self._figures(limit.inputs, limit.uses), self.words,
            windows=self.windows, places=limit.places, rounding=limit.rounding, clause=limit.clause, basis=limit.basis,
        )  # fmt: skip

    def _figures(self, inputs: Mapping[str, str], uses: Iterable[str]) -> dict[str, Figure | None]:
        found: dict[str, Figure | None] = {}
        for name, kind in inputs.items():
            value = self.read(name)
            found[name] = Figure(Decimal(value), kind) if value is not None else None
        parameters = self.settings.pack.parameters
        return found | {
            name: Figure(Decimal(self.settings.value(name)), parameters[name].type)
            for name in uses if parameters[name].type not in ("choice", "flag")
        }  # fmt: skip


def arguments_of(settings: Settings, wanted: Any) -> dict[str, Any]:
    """The arguments of a fact, with the values of the settings that they name."""
    return {
        name: settings.resolve(given) for name, given in wanted.arguments.items()
    }


def picked(found: Mapping[int, Any], name: str | None) -> Mapping[int, Any]:
    """One of the values that a function finds together."""
    return {party: values.get(name) for party, values in found.items()} if name else found
