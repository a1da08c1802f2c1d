"""Naming a deputy: everybody his own, administrators those of the units in their reach."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core import access, clock, words
from app.core.db import session
from app.core.errors import NotFound
from app.core.fieldspec import FieldSpec
from app.core.kinds import ChoicesKind
from app.core.screen import Screen
from app.engines.people import catalogue, roster
from app.engines.people import operations as people
from app.engines.people.catalogue import role_labels
from app.engines.people.models import Deputy, Employee
from app.screens.asking import ask, fields_of

FIELDS = ("deputy_id", "valid_from", "valid_to", "reason")
SCOPE = "only"


class DeputiesView(Screen):
    """Who stands in for a person."""

    route_base = "/deputies"
    default_view = "add"
    everyone = True

    @expose("/<int:pk>/add", methods=["GET", "POST"])
    @has_access
    def add(self, pk: int) -> Any:
        """Name a deputy for a time."""
        person = _person(pk)

        def appoint(given: Mapping[str, Any]) -> Response:
            stand_in = session.get(Employee, given["deputy_id"])
            if stand_in is None:
                raise NotFound()
            people.appoint_deputy(person, stand_in, given["valid_from"], given["valid_to"], given["reason"],
                                  given.get(SCOPE) or ())
            flash(_("The deputy is named."), "success")
            return redirect(_home(pk))

        blank = Deputy(valid_from=clock.today())
        title = _("Name a deputy")
        specs = fields_of(Deputy, FIELDS) | _scope(person)
        return ask(blank, specs, FIELDS, appoint, title=title, subtitle=person.name, cancel_url=_home(pk))

    @expose("/<int:pk>/end/<int:deputy_id>", methods=["POST"])
    @has_access
    def end(self, pk: int, deputy_id: int) -> Response:
        """Let a deputy stop."""
        deputy = session.get(Deputy, deputy_id)
        if deputy is None or deputy.owner_id != _person(pk).id:
            raise NotFound()
        people.end_deputy(deputy)
        flash(_("The deputy has stopped."), "success")
        return redirect(_home(pk))


def _scope(person: Employee) -> dict[str, FieldSpec]:
    """For which of a person's posts and roles, when he has several; none chosen means all."""
    held = people.deputable(person)
    if len(held) < 2:
        return {}
    labels, roles = role_labels(), catalogue.role_of_post()
    choices = {key: words.post_label(key) if key in roles else labels.get(key, key) for key in held}
    told = _("Nothing chosen: for all of them.")
    return {SCOPE: FieldSpec(ChoicesKind(), _("For which posts"), name=SCOPE, choices=choices, help=told)}


def _person(pk: int) -> Employee:
    """Oneself, or a person in reach."""
    if pk == access.current().employee_id:
        return session.get_one(Employee, pk)
    return roster.line(pk).person


def _home(pk: int) -> str:
    """The page that shows the deputies: one's own profile, or the person's sheet."""
    if pk == access.current().employee_id:
        return f"{request.script_root}/profile/#tab-deputies"
    return url_for("PeopleView.show", pk=pk)
