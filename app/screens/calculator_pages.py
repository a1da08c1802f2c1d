"""The calculator's page: what is chosen and typed, the fields that the choice asks for, the answer beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.core import access, clock, forms
from app.core.errors import Problem
from app.core.fieldspec import FieldSpec
from app.core.lifecycle import Words
from app.core.values import text as in_words
from app.engines.calendar import editing
from app.engines.policy import catalogue
from app.screens import calculator_due, calculator_results, trying
from app.screens.calculator_asked import AUTHORITY, CALCULATION, CLASS, DUE, FACT, ITEMS, TABS, Asked, entry_of, items
from app.screens.policy_words import version_state
from app.screens.trying import ALL, Chosen

Option = dict[str, Any]


def answer(asked: Asked) -> dict[str, Any]:
    """The result; raises ``Refusal`` for facts that cannot be read or are missing."""
    chosen, item, typed = asked.chosen, asked.item, asked.typed
    if asked.what == AUTHORITY:
        return calculator_results.authority(chosen, item, typed)
    if asked.what == CLASS:
        return calculator_results.tier(chosen, item, typed)
    if asked.what == CALCULATION:
        section, key = item.split(".")
        return (calculator_results.bound if section == "limits" else calculator_results.amount)(chosen, key, typed)
    trying.due(chosen, item, typed)  # refuses what cannot be read or is missing
    given = trying.read(asked.fields, typed, "")
    if item.startswith(ALL):
        return calculator_due.several(chosen, item, given, asked.address)
    return calculator_due.one(chosen, item, given)


# -- the page ----------------------------------------------------------------------------------------------------------


def page(asked: Asked, problems: Sequence[Problem], result: dict[str, Any] | None) -> dict[str, Any]:
    """Everything that the template shows."""
    chosen, entry = asked.chosen, entry_of(asked)
    return {
        "title": _("Calculators"), "what": asked.what, "problems": [_on_page(chosen, one) for one in problems],
        "subtitle": _("Nothing is saved: the same rules as those of real cases say when it is due and who decides."),
        "tabs": [
            {"label": label, "active": key == asked.what, "url": _to(asked, what=key, item=None)}
            for key, label in TABS.items()
        ],
        "policies": list(_policies(chosen)), "units": list(_units(chosen)), "item_label": ITEMS[asked.what],
        "items": _grouped(asked), "fields": [_field(asked, spec, problems) for spec in asked.fields.values()],
        "kept": {FACT + name: value for name, value in asked.kept.items()}, "errors": _errors(problems),
        "clause": forms.clause_link(chosen.page, entry.clause) if entry else None,
        "calendar": _calendar(chosen) if asked.what == DUE else None, "result": result,
        "inputs": list(_said(asked)) if result else [], "policy_url": _policy_url(chosen),
        "address": url_for("CalculatorView.show", **asked.address, _external=True) if result else "",
        "weekdays": [calculator_due.short_weekday(number) for number in range(7)],
        "nothing": _("This policy has nothing of the kind.") if not asked.item else "",
    }


def _calendar(chosen: Chosen) -> dict[str, Any]:
    """The working calendar that limits are counted on, and the way to it for whoever may look at it."""
    kept, known = chosen.pack.calendar, {one.code: one for one in editing.calendars()}
    found = known.get(kept.code)
    may = found is not None and access.current().can("calendar", "read")
    return {
        "name": str(Words(found.name_zh, found.name_en)) if found else kept.code, "hours": kept.hours,
        "clause": kept.clause,
        "url": url_for("CalendarsView.year", code=kept.code, year=clock.today().year) if may else "",
    }


def _to(asked: Asked, **other: Any) -> str:
    return url_for("CalculatorView.show", **{**asked.address, **other})


def _on_page(chosen: Chosen, problem: Problem) -> dict[str, Any]:
    """A problem whose field is called as on the page, with the way to its clause."""
    name = problem.field if problem.field in ("unit", "item", None) else FACT + str(problem.field)
    clause = forms.clause_link(chosen.page, problem.clause or "")
    return {"message": problem.message, "field": name, "clause": clause}


def _errors(problems: Iterable[Problem]) -> dict[str, str]:
    return {str(problem.field): str(problem.message) for problem in problems if problem.field}


def _policies(chosen: Chosen) -> Iterator[Option]:
    """Every version of every policy that has one, those in force first."""
    for one in catalogue.policies().values():
        in_force = one.in_force(clock.today())
        for row in sorted(one.versions, key=lambda row: (row is not in_force, -row.version)):
            state = version_state(row, in_force)["label"]
            yield {
                "value": f"{row.code}/{row.version}", "picked": row.id == chosen.version.id,
                "label": f"{one.code} v{row.version} {state} · {one.coverage.title}",
            }  # fmt: skip


def _units(chosen: Chosen) -> Iterator[Option]:
    """The units that work by the policy, and the policy's own settings."""
    adopter = chosen.adopter.id if chosen.adopter else None
    yield {"value": "", "label": _("None: the policy's own settings"), "picked": adopter is None}
    known = catalogue.policies(chosen.version.code)[chosen.version.code]
    for used in catalogue.users(known)["now"]:
        unit_id = used.adoption.unit_id
        yield {"value": unit_id, "label": used.unit, "picked": unit_id == adopter}


def _grouped(asked: Asked) -> list[dict[str, Any]]:
    """The items by heading."""
    found: dict[str, list[Option]] = {}
    for key, (head, label) in items(asked.chosen, asked.what).items():
        found.setdefault(head, []).append({"value": key, "label": label, "picked": key == asked.item})
    return [{"label": head, "options": options} for head, options in found.items()]


def _field(asked: Asked, spec: FieldSpec, problems: Sequence[Problem]) -> dict[str, Any]:
    value = asked.typed.get(spec.name, "")
    error = next((str(one.message) for one in problems if one.field == spec.name), None)
    return {
        "name": FACT + spec.name, "label": spec.label, "kind": spec.kind.widget, "help": spec.help, "unit": spec.unit,
        "required": spec.required, "value": ",".join(value) if isinstance(value, list) else value, "error": error,
        "choices": list(spec.choices.items()), "max_length": spec.size, "clause": None,
    }


def _said(asked: Asked) -> Iterator[dict[str, Any]]:
    """What was typed, in words, for the print and the copy."""
    given = trying.read(asked.fields, asked.typed, "")
    yield {"label": _("Policy"), "value": f"{asked.chosen.version.code} v{asked.chosen.version.version}"}
    for name, spec in asked.fields.items():
        if given.get(name) is not None:
            yield {"label": spec.label, "value": in_words(spec, given[name], {})}
    unit = asked.chosen.adopter.name if asked.chosen.adopter else _("the policy's own")
    yield {"label": _("Settings of"), "value": unit}


def _policy_url(chosen: Chosen) -> str:
    return url_for("PolicyView.version", code=chosen.version.code, version=chosen.version.version)
