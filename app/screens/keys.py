"""One's own API keys: made, shown once, looked at and revoked; administrators revoke anybody's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, g, make_response, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.core import access, menu, pages, values
from app.core.db import session
from app.core.errors import Problem, Refusal
from app.core.fieldspec import FieldSpec
from app.core.kinds import DateKind
from app.core.program_keys import EVERY
from app.core.register import registers
from app.core.screen import Screen
from app.engines.people import api_keys
from app.engines.people.api_keys import AccountKey
from app.screens import role_words

ACTS = {act: role_words.ACTION_HEADS[act] for act in api_keys.SCOPES}
STATES = {"": ("ok", _l("In use")), "expired": ("mute", _l("Ended")), "revoked": ("late", _l("Revoked"))}
UNTIL = FieldSpec(DateKind(), _l("Last day"), name="expires_on")


class KeysView(Screen):
    """The keys of whoever has signed in."""

    route_base = "/keys"
    default_view = "list"
    everyone = True

    @expose("/")
    @has_access
    def list(self) -> str:
        """The keys, and the form for a new one."""
        return _page()

    @expose("/", methods=["POST"])
    @has_access
    def make(self) -> Response:
        """A new key; its text is on this answer and nowhere else."""
        try:
            made, text = api_keys.issue(request.form.get("name", ""), _scopes(), _until())
        except Refusal as refusal:
            session.rollback()
            return make_response(_page(problems=refusal.problems), refusal.status)
        return make_response(_page(made=made, text=text))

    @expose("/<int:pk>/revoke", methods=["POST"])
    @has_access
    def revoke(self, pk: int) -> Response:
        """End a key at once."""
        key = api_keys.find(pk)
        api_keys.revoke(key)
        flash(_("The key “%(name)s” opens nothing any more.", name=key.name), "success")
        mine = key.account_id == g.account.user.id
        return redirect(url_for(".list") if mine else pages.url(AccountKey.register, "show", pk=pk))


def _scopes() -> dict[str, Any]:
    """What was ticked; everything one may read is a scope of its own."""
    found: dict[str, Any] = {EVERY: ["read"]} if request.form.get("all") else {}
    for ticked in request.form.getlist("scope"):
        slug, _colon, act = ticked.partition(":")
        found.setdefault(slug, []).append(act)
    return found


def _until() -> Any:
    raw = request.form.get("expires_on", "")
    try:
        return UNTIL.kind.read(raw, UNTIL)
    except ValueError as error:
        raise Refusal(Problem(str(error), "expires_on", "date")) from None


def _page(made: AccountKey | None = None, text: str = "", problems: Any = ()) -> str:
    typed: Mapping[str, Any] = request.form if problems else {}
    ticked = set(request.form.getlist("scope")) if problems else set()
    person = access.current()
    return render_template("admin/keys.html", page={
        "made": made, "text": text, "problems": problems, "name": typed.get("name", ""),
        "until": typed.get("expires_on"),
        "all": bool(typed.get("all")), "heads": list(ACTS.items()), "groups": _groups(person, ticked),
        "rows": [_row(key) for key in api_keys.of_account(g.account.user.id)],
        "everybody": pages.url(AccountKey.register, "list") if person.can("account_key", "read") else "",
        "invalid": {problem.field: problem.message for problem in problems},
    })  # fmt: skip


def _groups(person: access.Access, ticked: set[str]) -> list[dict[str, Any]]:
    """By area the registers of which the person may give something, with the acts that can be chosen."""
    groups: dict[Any, list[dict[str, Any]]] = {}
    for slug, offered in api_keys.choices(person).items():
        cells = [
            {"value": f"{slug}:{act}", "on": f"{slug}:{act}" in ticked} if act in offered else None for act in ACTS
        ]
        register = registers()[slug]
        groups.setdefault(register.area, []).append({"label": register.label, "slug": slug, "cells": cells})
    return [{"label": menu.AREAS.get(area, area), "rows": rows} for area, rows in groups.items()]


def _row(key: AccountKey) -> dict[str, Any]:
    tone, label = STATES[key.over]
    return {
        "name": key.name, "start": f"kz_{key.ident}…", "scopes": worded(key.scopes), "over": key.over,
        "until": key.expires_on.isoformat() if key.expires_on else "", "state": {"tone": tone, "label": label},
        "used": values.short(key.last_used_at) if key.last_used_at else "", "from": key.last_used_from or "",
        "url": url_for("KeysView.revoke", pk=key.id),
    }


def worded(scopes: Mapping[str, Any]) -> list[str]:
    """What a key may do, a register a sentence."""
    found = []
    for slug, acts in scopes.items():
        register = registers().get(slug)
        what = _("Everything the account may read") if slug == EVERY else str(register.label if register else slug)
        told = _(", ").join(str(ACTS[act]) for act in acts if act in ACTS)
        found.append(what if slug == EVERY else _("%(what)s: %(acts)s", what=what, acts=told))
    return found


@pages.on_show
def _scopes_in_words(built: Any) -> None:
    """On an administrator's page of a key: what it opens, and the button that ends it."""
    if not isinstance(built.record, AccountKey):
        return
    rows = [{"cells": [Markup("{}").format(line)]} for line in worded(built.record.scopes)]
    table = {"columns": [{"label": _("May do, as far as the account may")}], "rows": rows}
    built.tabs.insert(0, {"key": "scopes", "label": _("Scopes"), "count": len(rows), "table": table})
    if not built.record.over and access.current().can("account_key", "write"):
        built.header["actions"].append({
            "label": _("Revoke"), "url": url_for("KeysView.revoke", pk=built.record.id), "icon": "ban", "danger": True,
            "method": "post", "confirm": _("Programs that use this key get no answer any more. Revoke it?"),
        })  # fmt: skip
