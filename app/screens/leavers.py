"""Somebody leaves: the last day, who takes over, and what is still in hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.core import clock, pages
from app.core.db import session
from app.core.errors import NotFound
from app.core.fieldspec import FieldSpec
from app.core.kinds import DateKind, LongTextKind, RefKind
from app.core.screen import Screen
from app.engines.people import leaving, roster
from app.engines.people.models import Employee
from app.screens.asking import ask

ASKED = {
    "last": FieldSpec(DateKind(), _l("Last day"), name="last", required=True),
    "successor": FieldSpec(
        RefKind(), _l("Who takes over"), target="employee", name="successor",
        help=_l("Gets the same roles and posts from the day after; what duties keep apart is refused."),
    ),
    "reason": FieldSpec(LongTextKind(), _l("Reason"), name="reason", required=True, size=300, width=3),
}  # fmt: skip


class LeaversView(Screen):
    """From the page of a person."""

    route_base = "/leavers"
    class_permission_name = "holding"
    method_permission_name = {"leave": "write", "left": "read"}
    default_view = "leave"

    @expose("/<int:pk>", methods=["GET", "POST"])
    @has_access
    def leave(self, pk: int) -> Any:
        """Ask for the last day and who takes over; end and pass on what is held."""
        person = roster.line(pk).person

        def act(given: Mapping[str, Any]) -> Response:
            successor = session.get(Employee, given["successor"]) if given.get("successor") else None
            if given.get("successor") and successor is None:
                raise NotFound()
            passed = leaving.leave(person, given["last"], given["reason"], successor)
            flash(_("Holdings end on %(day)s; %(count)s pass on.", day=given["last"], count=passed), "success")
            return redirect(url_for(".left", pk=pk))

        told = _("Holdings end with the last day; the night after, the account is locked and API keys end.")
        blank = Employee()
        return ask(
            blank, ASKED, ("last", "reason"), act, title=_("“%(name)s” leaves", name=person.name), subtitle=told,
            cancel_url=url_for("PeopleView.show", pk=pk), submit=_("Record the last day"),
        )  # fmt: skip

    @expose("/<int:pk>/left")
    @has_access
    def left(self, pk: int) -> str:
        """What the person is still in charge of, to be handed over."""
        person = roster.line(pk).person
        rows = [
            {"label": register.label, "count": count,
             "url": f"{pages.url(register, 'list')}?owner_id__eq={person.id}"}
            for register, count in leaving.in_charge(person)
        ]  # fmt: skip
        return render_template("people/left.html", page={
            "title": person.name, "rows": rows, "person_url": url_for("PeopleView.show", pk=pk),
            "day": person.leaves_on.isoformat() if person.leaves_on else "",
            "over": person.leaves_on is not None and person.leaves_on < clock.today(),
            "handover_url": url_for("HandoverView.begin"),
        })  # fmt: skip
