"""The customers of a keeper who leaves go over to others: a balanced proposal, looked at first, then done in one go."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.areas.customers import operations as customers
from app.areas.customers.operations import Customer, Plan
from app.core import access, pages, values
from app.core.access import Access
from app.core.db import session
from app.core.fieldspec import FieldSpec
from app.core.kinds import LongTextKind, RefKind, RefsKind
from app.core.screen import Screen
from app.screens.asking import ask

ASKED = {
    "keeper": FieldSpec(RefKind(), _l("Hands over"), target="employee", name="keeper", required=True),
    "takers": FieldSpec(
        RefsKind(), _l("Take over"), help=_l("Everybody gets so many that all have about the same number."),
        target="employee", name="takers", required=True, width=2,
    ),
    "reason": FieldSpec(LongTextKind(), _l("Reason"), name="reason", required=True, size=500, width=3),
}  # fmt: skip
SHOWN = 200


class HandoverView(Screen):
    """For those who decide who keeps which customer."""

    route_base = "/handover"
    default_view = "begin"
    class_permission_name = "customer"
    method_permission_name = {"begin": "approve"}
    menu_area, menu_label, menu_icon, menu_order = "customers", _l("Hand over customers"), "user-share", 901

    @classmethod
    def meant_for(cls, person: Access) -> bool:
        """For those who may do it."""
        return person.can("customer", "approve")

    @expose("/", methods=["GET", "POST"])
    @has_access
    def begin(self) -> Any:
        """Ask who hands over to whom; show the proposal; carry out the one that was shown."""
        access.require("customer", "approve")

        def act(given: Mapping[str, Any]) -> Any:
            found = customers.plan_handover(given["keeper"], given["takers"])
            if request.form.get("seen") == _seen(found):
                return _done(found, given["reason"])
            return _proposal(found, given)

        title, hint = _("Hand over customers"), _("The proposal is shown before anything changes.")
        return ask(
            Customer(), ASKED, tuple(ASKED), act, title=title, subtitle=hint, cancel_url=url_for("CustomerView.list")
        )


def _seen(found: Plan) -> str:
    """What a proposal is recognised by: another one has to be looked at first."""
    text = "-".join(f"{key}.{taker}" for key, taker in found.taken.items())
    return hashlib.sha256(text.encode()).hexdigest()


def _done(found: Plan, reason: str) -> Response:
    count = customers.hand_over(found, reason)
    session.commit()
    flash(_("%(count)s customers were handed over.", count=count), "success")
    return redirect(url_for("CustomerView.list"))


def _proposal(found: Plan, given: Mapping[str, Any]) -> str:
    names = values.names_of(("employee", key) for key in (found.keeper, *found.loads))
    people = {"columns": _columns(_("Takes over"), (_("Has now"),), (_("Gets"),), (_("Has then"),)), "rows": [
        {"cells": [names.get(("employee", key), ""), load, found.gets[key], load + found.gets[key]]}
        for key, load in found.loads.items()
    ]}  # fmt: skip
    shown = list(found.taken)[:SHOWN]
    table = Customer.__table__
    known = {row.id: row for row in session.execute(
        sa.select(table.c.id, table.c.customer_no, table.c.name).where(table.c.id.in_(shown)))}  # fmt: skip
    rows = [
        {"cells": [known[key].customer_no, pages.link("customer", key, known[key].name),
                   names.get(("employee", found.taken[key]), "")]}
        for key in shown
    ]  # fmt: skip
    said = {"reason": [given["reason"]], "seen": [_seen(found)]}
    hidden = {"keeper": [found.keeper], "takers": list(found.loads), **said}
    return render_template("customers/handover.html", page={
        "who": names.get(("employee", found.keeper), ""), "count": len(found.taken), "people": people, "hidden": hidden,
        "customers": {"columns": _columns(_("Customer number"), _("Customer"), _("Takes over")), "rows": rows},
        "more": len(found.taken) - len(shown), "back": url_for("HandoverView.begin"),
    })  # fmt: skip


def _columns(*heads: Any) -> list[dict[str, str]]:
    """Heads of columns; one in a tuple stands over numbers."""
    pairs = ((head[0], "end") if isinstance(head, tuple) else (head, "") for head in heads)
    return [{"label": label, "align": align} for label, align in pairs]


