"""What the first steps show of policies: what can be adopted, what is in use, which settings are open."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from app.core import access, clock, forms, reading
from app.core.wording import listed
from app.engines.policy import catalogue, coverage
from app.engines.policy import operations as policies
from app.engines.policy.reading.limits import value_of
from app.screens.first_steps_pages import VIEW, all_units, choices, unit_names
from app.screens.first_steps_posts import opened
from app.screens.policy_words import FEW, done, missing, program_state

MOST, HEAD, LINE = 19_000, 420, 490
LISTED, CHOSEN = 40, 60


def policies_page(codes: Sequence[str] = (), typed: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The policies that can be adopted, those in use, and their settings that rest on an assumption."""
    typed, today = typed or {}, clock.today()
    found = catalogue.policies()
    used = {code: one for code, one in found.items() if any(item.on(today) for item in one.adoptions)}
    open_ = [one for one in found.values() if coverage.runs(one.code) and one.in_force(today)
             and not one.coverage.same_as]  # fmt: skip
    adopters = {item.adoption.unit_id for one in used.values() for item in one.adoptions}
    return {
        "unit": _unit_field(typed.get("unit_id", "")),
        "valid_from": typed.get("valid_from") or today.isoformat(), "codes": set(codes),
        "rows": [
            {"code": one.code, "title": str(one.coverage.title), "program": program_state(one.coverage.state),
             "done": done(one.coverage), "lacking": missing(one.coverage, FEW),
             "url": url_for("PolicyView.show", code=one.code),
             "used": listed(item.unit for item in one.adoptions if item.on(today))}
            for one in open_
        ],
        "others": len(found) - len(open_), "all_url": url_for("AdoptionView.list"),
        "used": _folded([_used(one, adopters) for one in used.values()]),
    }  # fmt: skip


def _unit_field(typed: str) -> dict[str, Any]:
    """Which unit: out of a list while they are few, else looked up."""
    units, key = all_units(), reading.number(typed)
    first = units[0] if units else None
    chosen = str(key) if key is not None else str(first.id) if first and not typed else ""
    few = len(units) <= CHOSEN
    return {
        "name": "unit_id", "label": _("Unit that works by them, with all below it"), "kind": "choice" if few else "ref",
        "value": chosen, "choices": [(one["id"], one["label"]) for one in choices(units)] if few else [],
        "display": unit_names([int(chosen)]).get(int(chosen), "") if chosen else "",
        "lookup_url": url_for("Lookup.look", slug="org_unit"),
    }  # fmt: skip


def _folded(used: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that leave settings open first; as many stand open as a page holds, the others behind their own address."""
    used.sort(key=lambda one: not any(place["count"] for place in one["places"]))
    weights = [(one["code"], sum(HEAD + LINE * len(place["open"]) for place in one["places"])) for one in used]
    shown = opened(weights, {request.args.get("policy", "")}, MOST)
    for one in used:
        one["open_url"] = "" if one["code"] in shown else url_for(
            f"{VIEW}.policies", policy=one["code"], _anchor=f"u-{one['code']}")  # fmt: skip
    return used


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
    left = [p for p in pack.parameters.values() if p.basis != "stated" and p.key not in given]
    return {
        "unit": item.unit, "from": item.adoption.valid_from.isoformat(), "count": len(left),
        "settings_url": url_for("SettingsView.list", **here) if pack.parameters else "", "more": len(left) - LISTED,
        "open": [
            {"label": str(p.label), "value": value_of(p, p.value),
             "clause": forms.clause_link(f"{pack.code}/{version.version}", p.clause), "basis": p.basis,
             "url": url_for("SettingsView.change", key=p.key, **here) if decides else ""}
            for p in left[:LISTED]
        ],
    }  # fmt: skip
