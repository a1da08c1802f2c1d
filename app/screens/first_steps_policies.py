"""What the first steps show of policies and posts: what can be adopted, which settings are open, who holds what."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.core import access, clock, forms, words
from app.core.errors import Problem
from app.engines.founding import posts
from app.engines.people.models import OrgUnit
from app.engines.policy import catalogue, coverage
from app.engines.policy import operations as policies
from app.engines.policy.reading.limits import value_of
from app.screens.first_steps_pages import MANY, all_units
from app.screens.policy_words import FEW, done, missing, program_state

# -- policies ----------------------------------------------------------------------------------------------------------


def policies_page(codes: Sequence[str] = (), typed: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The policies that can be adopted, those in use, and their settings that rest on an assumption."""
    typed, today = typed or {}, clock.today()
    found = catalogue.policies()
    used = {code: one for code, one in found.items() if any(item.on(today) for item in one.adoptions)}
    open_ = [one for one in found.values() if coverage.runs(one.code) and one.in_force(today)
             and not one.coverage.same_as]  # fmt: skip
    units, adopters = all_units(), {item.adoption.unit_id for one in used.values() for item in one.adoptions}
    return {
        "unit_id": typed.get("unit_id") or (str(units[0].id) if units else ""), "units": _choices(units),
        "valid_from": typed.get("valid_from") or today.isoformat(), "codes": set(codes),
        "rows": [
            {"code": one.code, "title": str(one.coverage.title), "program": program_state(one.coverage.state),
             "done": done(one.coverage), "lacking": missing(one.coverage, FEW),
             "url": url_for("PolicyView.show", code=one.code),
             "used": "、".join(item.unit for item in one.adoptions if item.on(today))}
            for one in open_
        ],
        "others": len(found) - len(open_), "all_url": url_for("AdoptionView.list"),
        "used": [_used(one, adopters) for one in used.values()],
    }  # fmt: skip


def _choices(units: Iterable[OrgUnit]) -> list[dict[str, Any]]:
    return [{"id": str(unit.id), "label": "\u3000" * (unit.path.count("/") - 2) + unit.name} for unit in units]


def _used(one: catalogue.Policy, adopters: Collection[int]) -> dict[str, Any]:
    version = one.in_force(clock.today())
    assert version is not None
    pack, now = policies.pack_for(version.id), [item for item in one.adoptions if item.on(clock.today())]
    over_time = policies.settings_over_time(pack, adopters)  # of all policies: one statement
    return {
        "code": one.code, "title": str(one.coverage.title), "url": url_for("PolicyView.show", code=one.code),
        "places": [_settings(pack, version, item, over_time) for item in now],
    }


def _settings(pack: Any, version: Any, item: catalogue.InUse, over_time: Any) -> dict[str, Any]:
    """The settings of which the policy says nothing: what the program assumes until somebody decides."""
    unit_id = item.adoption.unit_id
    given = {row.key for row in over_time.rows(unit_id) if row.value}
    here = {"code": pack.code, "unit_id": unit_id}
    decides = access.current().can("policy_parameter", "write")
    return {
        "unit": item.unit, "from": item.adoption.valid_from.isoformat(),
        "settings_url": url_for("SettingsView.list", **here) if pack.parameters else "",
        "open": [
            {"label": str(p.label), "value": value_of(p, p.value),
             "clause": forms.clause_link(f"{pack.code}/{version.version}", p.clause), "basis": p.basis,
             "url": url_for("SettingsView.change", key=p.key, **here) if decides else ""}
            for p in pack.parameters.values() if p.basis != "stated" and p.key not in given
        ],
    }  # fmt: skip


# -- posts -------------------------------------------------------------------------------------------------------------


def posts_page(typed: Mapping[str, str]) -> dict[str, Any]:
    """Every adopted policy with its posts: held, proposed, free."""
    adopted, units = posts.overview(), all_units()
    return {"policies": [_adopted(one, units, typed) for one in adopted]}


def _adopted(one: posts.Adopted, units: Sequence[OrgUnit], typed: Mapping[str, str]) -> dict[str, Any]:
    inside = [unit for unit in units if unit.path.startswith(one.path)]
    lines = [_place(place, typed) for place in one.places if place.counts]
    free = sum(line["free"] for line in lines)
    return {
        "code": one.policy, "title": one.title, "unit": one.unit, "url": url_for("PolicyView.show", code=one.policy),
        "first": [line for line in lines if line["first"]], "later": [line for line in lines if not line["first"]],
        "state": {"tone": "warn", "label": _("%(count)s free", count=free)} if free else
        {"tone": "ok", "label": _("All held")},
        "people": [{"id": str(person.id), "label": f"{person.name} · {person.unit}"} for person in one.people[:MANY]],
        "units": _choices(inside),
    }  # fmt: skip


def _place(place: posts.Place, typed: Mapping[str, str]) -> dict[str, Any]:
    code, fitting = place.desk.code, place.fitting
    proposed = str(fitting[0].id) if len(fitting) == 1 and place.free else ""
    return {
        "code": code, "label": place.desk.label, "duties": place.desk.duties, "free": place.free,
        "first": place.desk.first,
        "seats": [
            {"name": seat.person.name, "unit": seat.unit, "account": seat.person.account_id is not None,
             "url": url_for("PeopleView.show", pk=seat.person.id)}
            for seat in place.seats
        ],
        "fitting": [{"id": str(person.id), "label": f"{person.name} · {person.unit}"} for person in fitting],
        "who": typed.get(f"who:{code}", proposed), "where": typed.get(f"where:{code}", ""),
        "proposed": bool(proposed) and f"who:{code}" not in typed,
    }  # fmt: skip


def about_post(code: str, problem: Problem) -> Problem:
    """A problem with the name of the post in front."""
    text = _("%(post)s: %(why)s", post=f"{code.partition('.')[0]} {words.post_label(code)}", why=problem.message)
    return replace(problem, message=text, field=f"who:{code}")
