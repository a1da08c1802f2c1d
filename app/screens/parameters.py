"""Every setting in one place: what units have set themselves, what each policy offers, what the machine is told."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from flask import current_app, render_template, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core import access, clock, forms, values
from app.core.db import session
from app.core.screen import Screen
from app.core.wording import N_, counted
from app.engines.people import operations as people
from app.engines.policy import catalogue
from app.engines.policy import operations as policies
from app.engines.policy.catalogue import Policy
from app.engines.policy.models import PackVersion, PolicyParameter
from app.engines.policy.reading.limits import limits_of, value_of
from app.screens import log_pages

MINUTE = dt.timedelta(minutes=1)
MACHINE: dict[str, tuple[Any, str | dt.timedelta]] = {
    "KEZHI_PUBLIC_URL": (_l("Address that people use"), "http://127.0.0.1:8080"),
    "KEZHI_PROXIES": (_l("Reverse proxies in front"), "0"),
    "KEZHI_LOGIN_ATTEMPTS": (_l("Wrong passwords before a pause"), "5"),
    "KEZHI_LOGIN_PAUSE": (_l("Pause after too many attempts"), 15 * MINUTE),
    "PERMANENT_SESSION_LIFETIME": (_l("Life of an idle session"), 8 * 60 * MINUTE),
    "JWT_ACCESS_TOKEN_EXPIRES": (_l("Life of an access token"), 15 * MINUTE),
    "JWT_REFRESH_TOKEN_EXPIRES": (_l("Life of a renewal token"), 7 * 24 * 60 * MINUTE),
    "BABEL_DEFAULT_TIMEZONE": (_l("Time zone"), "Asia/Shanghai"),
}  # fmt: skip


class ParametersView(Screen):
    """Settings to look up; they are changed where the policy and the unit are."""

    route_base = "/parameters"
    class_permission_name = "policy_parameter"
    method_permission_name = {"list": "read"}
    default_view = "list"
    menu_area, menu_label, menu_icon, menu_order = "policies", _l("Parameters"), "adjustments", 30

    @expose("/")
    @has_access
    def list(self) -> str:
        """What was set here and by the machine, or the settings of one policy."""
        found = catalogue.policies()
        today = clock.today()
        running = {code: version for code, one in found.items() if (version := one.in_force(today)) is not None}
        code = log_pages.choice("policy", running)
        return render_template("policy/parameters.html", page={
            "code": code, "policies": [{"code": key, "url": url_for(".list", policy=key)} for key in sorted(running)],
            "all_url": url_for(".list"), "own": _own(running, code),
            "offered": _offered(found[code], running[code]) if code else [],
            "machine": [] if code else _machine(),
        })  # fmt: skip


def _own(running: dict[str, PackVersion], code: str) -> list[dict[str, Any]]:
    """What units have set themselves, the latest first, with who did it and when."""
    query = sa.select(PolicyParameter).where(access.rows(PolicyParameter.register, "read"))
    query = query.where(PolicyParameter.policy == code) if code else query
    latest = query.order_by(PolicyParameter.changed_at.desc(), PolicyParameter.id.desc())
    rows = session.scalars(latest.limit(200)).all()
    names = values.names_of(("org_unit", row.unit_id) for row in rows)
    who = people.names_of_accounts(row.changed_by_id for row in rows)
    return [_set(row, running.get(row.policy), names, who) for row in rows]


def _set(row: PolicyParameter, version: PackVersion | None, names: values.Names, who: Any) -> dict[str, Any]:
    known = policies.pack_for(version.id).parameters.get(row.key) if version else None
    return {
        "policy": row.policy, "label": str(known.label) if known else row.key,
        "unit": names.get(("org_unit", row.unit_id), ""), "default": value_of(known, known.value) if known else "",
        "value": (value_of(known, row.value) if known else row.value) if row.value else _("as the policy says"),
        "from": row.valid_from.isoformat(), "reason": row.reason, "by": who.get(row.changed_by_id, _("the system")),
        "at": values.short(row.changed_at), "clause": known.clause if known else "",
        "url": url_for("SettingsView.list", code=row.policy, unit_id=row.unit_id) if known else "",
    }


def _offered(found: Policy, version: PackVersion) -> list[dict[str, Any]]:
    """The settings of a policy with default, bounds, clause and basis."""
    pack = policies.pack_for(version.id)
    here = [
        {"label": used.unit, "url": url_for("SettingsView.list", code=pack.code, unit_id=used.adoption.unit_id)}
        for used in catalogue.users(found)["now"]
    ]
    return [
        {"label": str(one.label), "default": value_of(one, one.value), "limits": limits_of(one), "basis": one.basis,
         "clause": forms.clause_link(f"{pack.code}/{version.version}", one.clause), "units": here}
        for one in pack.parameters.values()
    ]  # fmt: skip


def _machine() -> list[dict[str, Any]]:
    """What the environment or the program says; never a secret."""
    return [
        {"key": key, "label": label, "value": text, "default": _told(default), "differs": text != _told(default)}
        for key, (label, default) in MACHINE.items() if (text := _told(current_app.config.get(key)))
    ]  # fmt: skip


def _told(value: Any) -> str:
    if isinstance(value, dt.timedelta):
        return _long(int(value.total_seconds() // 60))
    return "" if value is None else str(value)


def _long(minutes: int) -> str:
    """A length of time in the largest unit that needs no fraction."""
    if minutes % (24 * 60) == 0:
        return counted(minutes // (24 * 60), N_("1 day"), N_("%(number)s days"))
    if minutes % 60 == 0:
        return counted(minutes // 60, N_("1 hour"), N_("%(number)s hours"))
    return counted(minutes, N_("1 minute"), N_("%(number)s minutes"))
