"""Administration of people: accounts, what they hold, and who stands in for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.core import access, clock, pages, reading, values, words
from app.core.db import session
from app.core.errors import NotFound
from app.core.fieldspec import FieldSpec
from app.core.kinds import ChoiceKind, ManyKind, TextKind
from app.core.register import Record, register_of
from app.core.screen import Screen
from app.engines.notifications import inviting
from app.engines.people import catalogue, roster
from app.engines.people import operations as people
from app.engines.people.models import Deputy, Employee, Holding, OrgUnit
from app.engines.policy import operations as policies
from app.engines.policy import operations as policy
from app.engines.policy.models import APPROVED, PackVersion
from app.screens import person_links, role_words
from app.screens.asking import ask, fields_of

GIVE = ("role", "post", "unit_id", "scope", "unit_ids", "valid_from", "valid_to")
GIVE_NEEDS = ("unit_id", "valid_from")
ACCOUNT = {
    "username": FieldSpec(TextKind(), _l("User name"), name="username", size=64),
    "email": FieldSpec(TextKind(), _l("E-mail"), name="email", size=200),
}
READ = ("list", "show")
WRITE = ("account", "password", "link", "unlink", "lock", "unlock", "sign_out", "give", "end")


class PeopleView(Screen):
    """Accounts and holdings of the people in reach."""

    route_base = "/people"
    class_permission_name = "holding"
    method_permission_name = {**dict.fromkeys(READ, "read"), **dict.fromkeys(WRITE, "write")}
    menu_area, menu_label, menu_icon, menu_order = "organisation", _l("Accounts and roles"), "user-cog", 10

    @expose("/")
    @has_access
    def list(self) -> str:
        """People with the state of their accounts."""
        text, page = reading.query_text("q"), _page()
        found, more = roster.lines(text, page)
        return render_template("people/list.html", page={
            "q": text, "first_steps": _out_of_a_table(), "rows": [_row(line) for line in found],
            "older": url_for(".list", q=text or None, page=page + 1) if more else "",
            "newer": url_for(".list", q=text or None, page=page - 1) if page > 1 else "",
        })

    @expose("/<int:pk>")
    @has_access
    def show(self, pk: int) -> str:
        """One person: account, holdings, deputies."""
        return _sheet(roster.line(pk))

    # -- account -------------------------------------------------------------------------------------------------------

    @expose("/<int:pk>/account", methods=["GET", "POST"])
    @has_access
    def account(self, pk: int) -> Any:
        """Open an account; its link is shown once, or goes by mail."""
        person = roster.line(pk).person

        def open_account(given: Mapping[str, Any]) -> str:
            people.open_account(person, given["username"], given.get("email") or "")
            return _sheet(roster.line(pk), given=inviting.invite_as_fits(person))

        return self._ask(person, Employee(), ACCOUNT, ("username",), open_account, _("Open an account"))

    @expose("/<int:pk>/password", methods=["POST"])
    @has_access
    def password(self, pk: int) -> str:
        """A new one-time password, shown once."""
        person = roster.line(pk).person
        password = people.reset_password(person)
        return _sheet(roster.line(pk), password)

    @expose("/<int:pk>/link", methods=["POST"])
    @has_access
    def link(self, pk: int) -> str:
        """A new link to choose a password by: by mail, or shown once."""
        by_mail = request.args.get("by") == "mail"
        return _sheet(roster.line(pk), given=inviting.invite(roster.line(pk).person, by_mail=by_mail))

    @expose("/<int:pk>/unlink", methods=["POST"])
    @has_access
    def unlink(self, pk: int) -> Response:
        """Take a link back that was not used."""
        return self._act(pk, inviting.take_back, _("The link opens nothing any more."))

    @expose("/<int:pk>/lock", methods=["POST"])
    @has_access
    def lock(self, pk: int) -> Response:
        """Close the account."""
        return self._act(pk, people.lock, _("The account is locked and its sessions have ended."))

    @expose("/<int:pk>/unlock", methods=["POST"])
    @has_access
    def unlock(self, pk: int) -> Response:
        """Open the account again."""
        return self._act(pk, people.unlock, _("The account is open again."))

    @expose("/<int:pk>/sign_out", methods=["POST"])
    @has_access
    def sign_out(self, pk: int) -> Response:
        """End all sessions and tokens."""
        return self._act(pk, people.sign_out, _("All sessions and tokens have ended."))

    # -- holdings ------------------------------------------------------------------------------------------------------

    @expose("/<int:pk>/give", methods=["GET", "POST"])
    @has_access
    def give(self, pk: int) -> Any:
        """Give a role, and perhaps a post, in a unit."""
        person = roster.line(pk).person
        policy.introduce_all()

        def give(given: Mapping[str, Any]) -> Response:
            post = given.get("post") or ""
            role = given.get("role") or catalogue.role_of_post().get(post, "")
            people.give(
                person, role, _found(OrgUnit, given["unit_id"]), post=post, scope=given.get("scope"),
                unit_ids=given.get("unit_ids") or (), valid_from=given["valid_from"], valid_to=given.get("valid_to"),
            )
            flash(_("The role is given."), "success")
            return redirect(url_for(".show", pk=pk))

        return self._ask(person, Holding(valid_from=clock.today()), _give_fields(), GIVE_NEEDS, give, _("Give a role"))

    @expose("/<int:pk>/end/<int:holding_id>", methods=["POST"])
    @has_access
    def end(self, pk: int, holding_id: int) -> Response:
        """End a holding at once."""
        holding = _found(Holding, holding_id, owner_id=pk)
        return self._act(pk, lambda _person: people.end(holding), _("The holding has ended."))

    def _ask(self, person: Employee, blank: Any, specs: Any, needed: Any, act: Any, title: str) -> Any:
        cancel = url_for(".show", pk=person.id)
        return ask(blank, specs, needed, act, title=title, subtitle=person.name, cancel_url=cancel)

    # -- shared --------------------------------------------------------------------------------------------------------

    def _act(self, pk: int, act: Callable[[Employee], None], done: str) -> Response:
        act(roster.line(pk).person)
        flash(done, "success")
        return redirect(url_for(".show", pk=pk))


@pages.on_show
def _lead_here(built: Any) -> None:
    """A way from the employee's record to the account."""
    if isinstance(built.record, Employee) and access.current().can("holding", "read"):
        href = url_for("PeopleView.show", pk=built.record.id)
        built.header["actions"].append({"label": _("Account and roles"), "url": href, "icon": "user-cog"})


def _out_of_a_table() -> list[dict[str, Any]]:
    """Where many people are taken in at once, for who may."""
    if not access.current().can("first_step", "write"):
        return []
    return [{"label": _("People out of a table"), "url": url_for("FirstStepsView.people"), "icon": "file-import"}]


def _page() -> int:
    asked = reading.number(request.args.get("page", "1")) or 1
    return asked if asked < 10_000 else 1


def _found(model: type[Record], key: int, **by: Any) -> Any:
    row = session.get(model, key)
    if row is None or any(getattr(row, name) != value for name, value in by.items()):
        raise NotFound()
    return row


def _give_fields() -> dict[str, FieldSpec]:
    """The fields of a holding, with the posts of the policies in force to choose from."""
    specs, today = fields_of(Holding, GIVE), clock.today()
    running = (PackVersion.status == APPROVED) & (PackVersion.effective_from <= today)
    packs = [policies.pack_for(key) for key in session.scalars(sa.select(PackVersion.id).where(running))]
    named = {code: f"{pack.code} {label}" for pack in packs for code, label in pack.post_labels.items()}
    post = replace(specs["post"], kind=ChoiceKind(), choices=named, help=_("A post brings its role along."))
    return specs | {"post": post}


def _status(line: roster.Line) -> dict[str, str]:
    """The badge of an account."""
    if line.user is None:
        return {"tone": "mute", "label": _("No account")}
    if not line.user.active:
        return {"tone": "late", "label": _("Locked")}
    if line.locked:
        return {"tone": "warn", "label": _("Too many attempts")}
    if line.state and line.state.must_change_password:
        return {"tone": "info", "label": _("Not signed in yet")}
    return {"tone": "ok", "label": _("In use")}


def _row(line: roster.Line) -> dict[str, Any]:
    seen = line.state.seen_at if line.state else None
    return {
        "url": url_for(".show", pk=line.person.id), "number": line.person.number, "name": line.person.name,
        "unit": line.unit, "username": line.user.username if line.user else "", "state": _status(line),
        "seen": values.short(seen) if seen else "", "holdings": line.holdings, "active": line.person.active,
    }


def _sheet(line: roster.Line, password: str = "", given: inviting.Invitation | None = None) -> str:
    held, stand_ins = roster.holdings(line.person), roster.deputies(line.person)
    references = [(spec.target, getattr(row, name)) for row in held for name, spec in register_of(row).fields.items()
                  if spec.target and not isinstance(spec.kind, ManyKind)]
    references += [("employee", row.deputy_id) for row in stand_ins]
    references += [("org_unit", key) for row in held for key in row.unit_ids or ()]
    names = values.names_of(references)
    return render_template("people/person.html", page={
        "line": line, "row": _row(line), "password": password, "held": [_held(row, names) for row in held],
        "deputies": [_stand_in(row, names) for row in stand_ins], "actions": _actions(line),
        "link": person_links.newest(line), "given": given,
        "address": f"{request.url_root.rstrip('/')}{given.path}" if given else "",
        "employee_url": pages.url(register_of(Employee), "show", pk=line.person.id),
    })


def _held(row: Holding, names: values.Names) -> dict[str, Any]:
    specs = register_of(row).fields
    shown = {name: values.text(specs[name], getattr(row, name), names) for name in ("role", "unit_id")}
    return shown | _period(row) | {
        "scope": role_words.reach(row, names),
        "post": words.post_label(row.post) if row.post else "",
        "end_url": url_for(".end", pk=row.owner_id, holding_id=row.id),
    }


def _stand_in(row: Deputy, names: values.Names) -> dict[str, Any]:
    return _period(row) | {
        "name": names.get(("employee", row.deputy_id), ""), "reason": row.reason, "only": role_words.posts(row.only),
        "end_url": url_for("DeputiesView.end", pk=row.owner_id, deputy_id=row.id),
    }


def _period(row: Any) -> dict[str, Any]:
    today = clock.today()
    over, begun = row.valid_to is not None and row.valid_to < today, row.valid_from <= today
    tone, label = ("mute", _("Ended")) if over else ("ok", _("Now")) if begun else ("info", _("Later"))
    return {
        "from": row.valid_from.isoformat(), "to": row.valid_to.isoformat() if row.valid_to else "",
        "state": {"tone": tone, "label": label}, "over": over,
    }


def _actions(line: roster.Line) -> Any:
    """What can be done with the account, as buttons."""
    pk = line.person.id
    leaving = [{"label": _("Leaves"), "url": url_for("LeaversView.leave", pk=pk), "icon": "logout"}]
    if line.user is None:
        opening = {"label": _("Open an account"), "url": url_for(".account", pk=pk), "icon": "user-plus"}
        return [*(leaving if line.person.active else []), opening | {"primary": True}]
    found = [
        *(leaving if line.person.active else []),
        *person_links.buttons(line),
        _button(_("New password"), "password", pk, "key", _("A new one-time password is made. All sessions end.")),
        _button(_("Sign out everywhere"), "sign_out", pk, "logout", _("All sessions and tokens of the account end.")),
    ]
    if line.user.active:
        found.append(_button(_("Lock"), "lock", pk, "lock", _("The person can no longer sign in.")) | {"danger": True})
    if not line.user.active or line.locked:
        found.append(_button(_("Unlock"), "unlock", pk, "key", ""))
    return found


def _button(label: str, act: str, pk: int, icon: str, confirm: str) -> dict[str, Any]:
    return {"label": label, "url": url_for(f".{act}", pk=pk), "icon": icon, "method": "post", "confirm": confirm}
