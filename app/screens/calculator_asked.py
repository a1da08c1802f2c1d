"""What the address of the calculator says: the choice, the fields that it asks for, what was typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core import clock, reading
from app.core.errors import NotFound, Problem, Refusal
from app.core.fieldspec import FieldSpec
from app.engines.policy import catalogue, inputs
from app.engines.policy.models import PackVersion
from app.screens import trying
from app.screens.trying import ALL, Chosen, Fields

DUE, AUTHORITY, CLASS, CALCULATION = "due", "authority", "class", "calculation"
TABS: Mapping[str, Any] = {
    DUE: _l("Due time"), AUTHORITY: _l("Authority"), CLASS: _l("Class"), CALCULATION: _l("Amount"),
}
ITEMS: Mapping[str, Any] = {
    DUE: _l("Time limit"), AUTHORITY: _l("Table of authority"), CLASS: _l("Class"),
    CALCULATION: _l("Calculation or limit"),
}
SECTIONS = {DUE: ("clocks",), AUTHORITY: ("authority",), CLASS: ("tiers",), CALCULATION: ("calculations", "limits")}
FACT = "f_"
KEPT, CHOOSE, GO = 40, "choose", "go"
LONGEST = 200


@dataclass
class Asked:
    """An address as it was read: the choice, the fields that it asks for, what was typed, and what is wrong with it."""

    chosen: Chosen
    what: str
    item: str
    fields: Fields
    typed: dict[str, Any]
    kept: dict[str, Any]
    pressed: bool
    problems: list[Problem] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Whether there is something to answer: it was asked for, or a limit can be told for this moment."""
        return bool(self.item) and (self.pressed or self.what == DUE)

    @property
    def address(self) -> dict[str, Any]:
        """What the address says, for links that lead on from here."""
        unit = self.chosen.adopter.id if self.chosen.adopter else ""
        facts = {FACT + name: value for name, value in {**self.kept, **self.typed}.items() if value not in ("", [])}
        return {"policy": self.chosen.page, "unit": unit, "what": self.what, "item": self.item} | facts


# -- reading the address -----------------------------------------------------------------------------------------------


def read(args: Any) -> Asked:
    """What the address asks; raises ``NotFound`` for a policy or version that is not there."""
    chosen, problems = _chosen(args)
    what = args.get("what") if args.get("what") in TABS else DUE
    known = items(chosen, what)
    wanted, item = args.get("item", ""), next(iter(known), "")
    if wanted in known:
        item = wanted
    elif wanted and CHOOSE not in args:
        text = _("“%(key)s” is not one of: %(known)s.", key=reading.plain(wanted, 60), known=", ".join(known) or "-")
        problems.append(Problem(text, "item", "unknown"))
    fields = fields_of(chosen, what, item) if item else {}
    given = _given(args)
    typed = {name: _typed(spec, given[name]) for name, spec in fields.items() if name in given}
    pressed = (bool(typed) or GO in args) and CHOOSE not in args
    if what == DUE and not pressed:
        typed = _begin(fields) | typed
    kept = {name: values[0] for name, values in list(given.items())[:KEPT] if name not in fields}
    return Asked(chosen, what, item, fields, typed, kept, pressed, problems)


def _chosen(args: Any) -> tuple[Chosen, list[Problem]]:
    code, _slash, version = (args.get("policy") or _first_code()).partition("/")
    number = reading.number(version) if version else None
    if version and not number:
        raise NotFound()
    unit = args.get("unit")
    unit_id = trying.own_adopter(code) if unit is None else reading.number(unit) if unit.strip() else None
    try:
        if unit and unit.strip() and unit_id is None:
            unit_id = 0
        return trying.choose(code, number, unit_id), []
    except NotFound:
        raise
    except Refusal as refusal:
        problems = [Problem(one.message, "unit", one.rule, one.clause) for one in refusal.problems]
        return trying.choose(code, number), problems


def _first_code() -> str:
    """The first policy that has a version, one in use before others."""
    known = [one for one in catalogue.policies().values() if one.versions]
    used = [one for one in known if catalogue.users(one)["now"]]
    found = next(iter(used or known), None)
    if found is None:
        raise NotFound()
    return found.code


def _given(args: Any) -> dict[str, list[str]]:
    return {
        name.removeprefix(FACT): [value[:LONGEST] for value in args.getlist(name)]
        for name in args if name.startswith(FACT)
    }


def _typed(spec: FieldSpec, values: list[str]) -> Any:
    return values if spec.kind.widget in ("multichoice", "multiref") else values[0]


def _begin(fields: Fields) -> dict[str, Any]:
    """What stands in the fields of a limit at first: this moment, and the first of each choice."""
    now = clock.to_local(clock.now())
    moment = {"datetime": f"{now:%Y-%m-%dT%H:%M}", "date": f"{now:%Y-%m-%d}"}
    found = {}
    for name, spec in fields.items():
        if spec.kind.name in moment and name != trying.WHOLE:
            found[name] = moment[spec.kind.name]
        elif spec.kind.name == "boolean":
            found[name] = "true"
        elif spec.kind.name == "choice":
            found[name] = next(iter(spec.choices), "")
    return found


# -- what can be chosen ------------------------------------------------------------------------------------------------


def items(chosen: Chosen, what: str) -> dict[str, tuple[str, str]]:
    """What of a policy can be tried, by its name in the address: the heading it stands under, and its label."""
    if what == DUE:
        return dict(_clocks(chosen))
    if what == CALCULATION:
        heads = {"calculations": _("Calculations"), "limits": _("Ceilings")}
        return {
            f"{section}.{key}": (heads[section], str(one.label))
            for section in heads for key, one in trying.entries(chosen, section).items()
        }
    return {key: ("", str(one.label)) for key, one in trying.entries(chosen, SECTIONS[what][0]).items()}


def _clocks(chosen: Chosen) -> Iterator[tuple[str, tuple[str, str]]]:
    for slug, keys in trying.groups(chosen).items():
        head = chosen.words.register(slug)
        for key in keys:
            yield key, (head, str(chosen.pack.clocks[key].label))
        if len(keys) > 1:
            yield ALL + slug, (head, _("All limits of “%(case)s”", case=head))


def fields_of(chosen: Chosen, what: str, item: str) -> Fields:
    """The fields that an item asks for."""
    if what == DUE:
        return trying.clock_fields(chosen, item)
    if what == AUTHORITY:
        return inputs.of_authority(chosen.words, chosen.pack.authority[item])
    if what == CLASS:
        return inputs.of_tier(chosen.words, chosen.pack.tiers[item])
    section, key = item.split(".")
    return trying.formula_fields(chosen, getattr(chosen.pack, section)[key], limit=section == "limits")


def entry_of(asked: Asked) -> Any:
    """The entry of the pack that is tried; ``None`` for several at once."""
    if not asked.item or asked.item.startswith(ALL):
        return None
    section, key = asked.item.split(".") if "." in asked.item else (SECTIONS[asked.what][0], asked.item)
    return getattr(asked.chosen.pack, section)[key]


class Trials:
    """Where the entries of a version can be tried out, by their place in the pack."""

    def __init__(self, version: PackVersion) -> None:
        chosen = trying.bare(version)
        self.page = chosen.page
        self.known = {section: trying.entries(chosen, section) for names in SECTIONS.values() for section in names}

    def url(self, path: str) -> str:
        """The calculator with an entry chosen; empty for what cannot be tried."""
        section, _dot, key = path.partition(".")
        key = key.partition(".")[0]
        if key not in self.known.get(section, ()):
            return ""
        what = next(what for what, names in SECTIONS.items() if section in names)
        item = f"{section}.{key}" if what == CALCULATION else key
        return url_for("CalculatorView.show", policy=self.page, what=what, item=item)
