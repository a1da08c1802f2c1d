"""Which unit works by which policy, from when to when, and the settings that a unit gives other values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.core import access, clock
from app.core.db import session
from app.core.errors import NotFound
from app.core.fieldspec import FieldSpec
from app.core.kinds import ChoiceKind
from app.core.screen import Screen
from app.core.wording import listed
from app.engines.people.models import OrgUnit
from app.engines.policy import catalogue, coverage
from app.engines.policy import operations as policies
from app.engines.policy.catalogue import InUse, Policy
from app.engines.policy.models import PolicyAdoption
from app.screens.asking import ask, fields_of
from app.screens.policy_words import FEW, done, missing, program_state

ADOPT = ("policy", "unit_id", "valid_from", "valid_to")


class AdoptionView(Screen):
    """Adopting a policy is a choice per unit; one that does not run is shown with the reason."""

    route_base = "/policy/adoption"
    class_permission_name = "policy_adoption"
    method_permission_name = {"list": "read", "adopt": "write", "end": "write"}
    default_view = "list"
    menu_area, menu_label, menu_icon, menu_order = "policies", _l("Policies in use"), "sitemap", 11

    @expose("/")
    @has_access
    def list(self) -> str:
        """Every policy with the units that work by it, or why none can."""
        text = request.args.get("q", "").strip()[:80]
        found = catalogue.policies().values()
        shown = [one for one in found if not text or text.lower() in f"{one.code} {one.coverage.title.zh}".lower()
                 or text.lower() in one.coverage.title.en.lower()]
        writes = access.current().can("policy_adoption", "write")
        return render_template("policy/adoption.html", page={
            "q": text, "used": [_used(one, item, writes) for one in shown for item in one.adoptions],
            "others": [_other(one, writes) for one in shown], "writes": writes,
        })

    @expose("/adopt", methods=["GET", "POST"])
    @has_access
    def adopt(self) -> Any:
        """Let a unit, and what lies below it, work by a policy."""

        def act(given: Mapping[str, Any]) -> Response:
            unit = _unit(given["unit_id"])
            policies.adopt(unit, given["policy"], given["valid_from"], given.get("valid_to"))
            flash(_("“%(unit)s” works by %(code)s.", unit=unit.name, code=given["policy"]), "success")
            return redirect(url_for(".list"))

        asked = request.args.get("policy", "")
        blank = PolicyAdoption(policy=asked if asked in coverage.coverages() else None, valid_from=clock.today())
        subtitle = _("It holds for the unit and everything below it, until a nearer unit adopts another policy.")
        return ask(
            blank, _adopt_fields(), ADOPT[:3], act, title=_("Adopt a policy"), subtitle=subtitle,
            cancel_url=url_for(".list"),
        )  # fmt: skip

    @expose("/<int:pk>/end", methods=["GET", "POST"])
    @has_access
    def end(self, pk: int) -> Any:
        """Let an adoption end with a day."""
        adoption = session.get(PolicyAdoption, pk)
        if adoption is None or not policies.reaches(_unit(adoption.unit_id), "policy_adoption"):
            raise NotFound()

        def act(given: Mapping[str, Any]) -> Response:
            policies.end_adoption(adoption, given["valid_to"])
            flash(_("The adoption ends."), "success")
            return redirect(url_for(".list"))

        blank = PolicyAdoption(valid_to=clock.today())
        unit = _unit(adoption.unit_id)
        said = {"code": adoption.policy, "unit": unit.name}
        subtitle = _("From the day after, no case begins under %(code)s in “%(unit)s”. Running cases go on.", **said)
        return ask(
            blank, fields_of(PolicyAdoption, ("valid_to",)), ("valid_to",), act, title=_("End the adoption"),
            subtitle=subtitle, cancel_url=url_for(".list"),
        )  # fmt: skip


def _unit(key: int) -> OrgUnit:
    unit = session.get(OrgUnit, key)
    if unit is None:
        raise NotFound()
    return unit


def _adopt_fields() -> dict[str, FieldSpec]:
    """The fields of an adoption, with the policies that run to choose from."""
    running = {code: f"{code} {known.title}" for code, known in coverage.coverages().items() if coverage.runs(code)}
    specs = fields_of(PolicyAdoption, ADOPT)
    chosen = replace(specs["policy"], kind=ChoiceKind(), choices=running,
                     help=_("Only policies that the program works by can be adopted."))
    return specs | {"policy": chosen}


def _used(one: Policy, item: InUse, writes: bool) -> dict[str, Any]:
    today, row = clock.today(), item.adoption
    over = row.valid_to is not None and row.valid_to < today
    begun = row.valid_from <= today
    tone, label = ("mute", _("Ended")) if over else ("ok", _("Now")) if begun else ("info", _("Later"))
    return {
        "code": one.code, "title": str(one.coverage.title), "url": url_for("PolicyView.show", code=one.code),
        "unit": item.unit, "from": _day(row.valid_from), "to": _day(row.valid_to),
        "state": {"tone": tone, "label": label},
        "settings_url": "" if over else _settings_url(one.code, row.unit_id),
        "end_url": url_for(".end", pk=row.id) if writes and not over else "",
    }


def _settings_url(code: str, unit_id: int) -> str:
    if not access.current().can("policy_parameter", "read"):
        return ""
    return url_for("SettingsView.list", code=code, unit_id=unit_id)


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def _other(one: Policy, writes: bool) -> dict[str, Any]:
    runs = coverage.runs(one.code)
    in_force = one.in_force(clock.today())
    if not runs:
        why = _("The program does nothing of it yet; it comes with: %(work)s", work=missing(one.coverage, FEW) or "—")
    elif in_force is None:
        why = _("No version is in force.")
    else:
        lacking = missing(one.coverage, FEW)
        why = _("missing: %(what)s", what=lacking) if lacking else ""
    return {
        "code": one.code, "title": str(one.coverage.title), "url": url_for("PolicyView.show", code=one.code),
        "program": program_state(one.coverage.state), "done": done(one.coverage), "why": why,
        "units": listed(used.unit for used in catalogue.users(one)["now"]),
        "adopt_url": url_for(".adopt", policy=one.code) if writes and runs and in_force else "",
    }
