"""A unit's settings of a policy: its own values beside those of the policy, from a day on, with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core import access, clock, forms
from app.core.db import session
from app.core.errors import NotFound
from app.core.fieldspec import FieldSpec
from app.core.kinds import ChoiceKind
from app.core.screen import Screen
from app.engines.people.models import OrgUnit
from app.engines.policy import operations as policies
from app.engines.policy.models import PackVersion, PolicyParameter
from app.engines.policy.reading.limits import limits_of, value_of
from app.screens.asking import ask, fields_of

ASKED = ("value", "valid_from", "reason")


class SettingsView(Screen):
    """Settings of one unit that adopted a policy."""

    route_base = "/policy/settings"
    class_permission_name = "policy_parameter"
    method_permission_name = {"list": "read", "change": "write", "reset": "write"}
    default_view = "list"

    @expose("/<code>/<int:unit_id>")
    @has_access
    def list(self, code: str, unit_id: int) -> str:
        """Every setting: the policy's value, the unit's own, and what comes later."""
        unit, version = _found(code, unit_id)
        pack, today = policies.pack_for(version.id), clock.today()
        over_time = policies.settings_over_time(pack, [unit_id])
        rows = over_time.rows(unit_id)
        writes = access.current().can("policy_parameter", "write")
        page = {
            "title": _("Settings of “%(unit)s” for %(code)s", unit=unit.name, code=code),
            "subtitle": _("A value counts for limits that begin from its day on; running ones stay as they are."),
            "breadcrumbs": [
                {"label": _("Policies in use"), "url": url_for("AdoptionView.list")},
                {"label": code, "url": url_for("PolicyView.version", code=code, version=version.version)},
            ],
            "rows": [_line(code, unit_id, p, rows, today, version, writes) for p in pack.parameters.values()],
            "writes": writes,
        }
        return render_template("policy/settings.html", page=page)

    @expose("/<code>/<int:unit_id>/<key>", methods=["GET", "POST"])
    @has_access
    def change(self, code: str, unit_id: int, key: str) -> Any:
        """Another value for a setting, from a day on."""
        unit, version = _found(code, unit_id)
        parameter = _parameter(version, key)

        def act(given: Mapping[str, Any]) -> Response:
            policies.set_parameter(unit, code, key, given["value"], given["reason"], given["valid_from"])
            flash(_("The setting is kept."), "success")
            return redirect(url_for(".list", code=code, unit_id=unit_id))

        today = clock.today()
        given = policies.settings_for(policies.pack_for(version.id), unit_id, today).given
        blank = PolicyParameter(value=given.get(key, parameter.value), valid_from=today)
        specs = fields_of(PolicyParameter, ASKED)
        return ask(
            blank, specs | {"value": _value_field(specs["value"], parameter)}, ASKED, act, title=str(parameter.label),
            subtitle=_subtitle(parameter), cancel_url=url_for(".list", code=code, unit_id=unit_id), submit=_("Save"),
        )  # fmt: skip

    @expose("/<code>/<int:unit_id>/<key>/reset", methods=["GET", "POST"])
    @has_access
    def reset(self, code: str, unit_id: int, key: str) -> Any:
        """Back to the policy's own value, from a day on."""
        unit, version = _found(code, unit_id)
        parameter = _parameter(version, key)

        def act(given: Mapping[str, Any]) -> Response:
            policies.reset_parameter(unit, code, key, given["reason"], given["valid_from"])
            flash(_("The policy's value counts again."), "success")
            return redirect(url_for(".list", code=code, unit_id=unit_id))

        title = _("Back to the policy's value: %(setting)s", setting=parameter.label)
        blank, asked = PolicyParameter(valid_from=clock.today()), ASKED[1:]
        return ask(
            blank, fields_of(PolicyParameter, asked), asked, act, title=title, subtitle=_subtitle(parameter),
            cancel_url=url_for(".list", code=code, unit_id=unit_id), submit=_("Back to the policy's value"),
        )  # fmt: skip


def _found(code: str, unit_id: int) -> tuple[OrgUnit, PackVersion]:
    """A unit that adopted the policy itself, and the version in force."""
    unit, today = session.get(OrgUnit, unit_id), clock.today()
    version = policies.current_version(code, today)
    if unit is None or version is None or not policies.ever_adopted(unit_id, code):
        raise NotFound()
    return unit, version


def _parameter(version: PackVersion, key: str) -> Any:
    found = policies.pack_for(version.id).parameters.get(key)
    if found is None:
        raise NotFound()
    return found


def _subtitle(parameter: Any) -> str:
    value = value_of(parameter, parameter.value)
    said, allowed = {"value": value, "clause": parameter.clause}, limits_of(parameter)
    if not allowed:
        return _("The policy says: %(value)s [%(clause)s].", **said)
    return _("The policy says: %(value)s [%(clause)s]. Allowed: %(range)s.", range=allowed, **said)


def _value_field(spec: FieldSpec, parameter: Any) -> FieldSpec:
    named = replace(spec, label=_("Value"), unit=parameter.unit or "", computed=False)
    if parameter.type == "choice":
        return replace(named, kind=ChoiceKind(), choices=dict(parameter.choices))
    if parameter.type == "flag":
        return replace(named, kind=ChoiceKind(), choices={"yes": _("Yes"), "no": _("No")})
    return named


def _line(
    code: str, unit_id: int, parameter: Any, rows: Any, today: Any, version: PackVersion, writes: bool
) -> dict[str, Any]:
    mine = [row for row in rows if row.key == parameter.key]
    begun = [row for row in mine if row.valid_from <= today]
    now = begun[-1] if begun and begun[-1].value else None
    here = {"code": code, "unit_id": unit_id, "key": parameter.key}
    return {
        "id": parameter.key, "label": str(parameter.label), "default": value_of(parameter, parameter.value),
        "clause": forms.clause_link(f"{code}/{version.version}", parameter.clause), "basis": parameter.basis,
        "own": value_of(parameter, now.value) if now else "", "since": now.valid_from.isoformat() if now else "",
        "reason": now.reason if now else "",
        "later": [_later(parameter, row) for row in mine if row.valid_from > today],
        "change_url": url_for(".change", **here) if writes else "",
        "reset_url": url_for(".reset", **here) if writes and (now or len(mine) > len(begun)) else "",
    }


def _later(parameter: Any, row: PolicyParameter) -> str:
    value = value_of(parameter, row.value or parameter.value)
    return _("%(value)s from %(day)s", value=value, day=row.valid_from)
