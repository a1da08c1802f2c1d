"""Where a one-time link leads: choosing one's own password; and asking for such a link when it is forgotten."""

from __future__ import annotations

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask import session as cookie
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import no_cache
from flask_babel import gettext as _
from flask_login import login_user
from werkzeug.wrappers import Response

from app.core import accounts, links, reading
from app.core.db import session, writes
from app.core.errors import Problem, Refusal
from app.core.login_views import public
from app.core.logins import LONGEST_NAME
from app.core.screen import Screen
from app.engines.notifications import inviting, settings


class JoinView(Screen):
    """The page of a one-time link; looking at it does not use it up, since mail programs look ahead."""

    route_base = "/join"
    default_view = "join"

    @expose("/<text>", methods=["GET", "POST"])
    @public
    @no_cache
    @writes
    def join(self, text: str) -> Any:
        """The form, or the password that was chosen; whoever has chosen it is signed in."""
        try:
            _link, user = links.find(text)
        except Refusal as refusal:
            return _closed(refusal)
        problems: list[Problem] = []
        if request.method == "POST":
            try:
                return _enter(text)
            except Refusal as refusal:
                session.rollback()
                if refusal.status != Refusal.status:
                    return _closed(refusal)
                problems = refusal.problems
        page = {
            "forced": True, "stranger": True, "action": url_for(".join", text=text), "problems": problems,
            "fields": _fields(problems), "rules": accounts.password_rules(), "title": _("Choose your password"),
            "hint": _("Your user name is %(name)s. You are signed in at once.", name=user.username),
            "submit": _("Keep the password and sign in"), "username": user.username,
        }
        return make_response(render_template("password.html", page=page), 422 if problems else 200)


def _enter(text: str) -> Response:
    password, again = (request.form.get(name, "") for name in ("password", "again"))
    if password != again:
        raise Refusal(Problem(_("The two new passwords differ."), "again", "password"))
    account = links.redeem(text, password)
    cookie.clear()
    cookie.permanent = True
    login_user(account.user)
    cookie["sid"] = account.sid
    flash(_("Welcome. Your password is kept; from now on sign in with user name and password."), "success")
    return redirect(f"{request.script_root}/")


def _closed(refusal: Refusal) -> Response:
    """What is the matter with a link, and the ways on."""
    page = {"title": _("This link opens nothing"), "problems": refusal.problems, "form": False,
            "forgotten_url": url_for("ForgottenView.ask")}  # fmt: skip
    return make_response(render_template("forgotten.html", page=page), refusal.status)


def _fields(problems: list[Problem]) -> list[dict[str, Any]]:
    labels = {"password": _("New password"), "again": _("New password again")}
    said = {p.field: p.message for p in reversed(problems)}
    return [
        {"name": name, "label": label, "kind": "password", "required": True, "error": said.get(name),
         "autocomplete": "new-password"}
        for name, label in labels.items()
    ]  # fmt: skip


class ForgottenView(Screen):
    """Ask for a link by mail; the answer is the same whether there is such an account or not."""

    route_base = "/forgotten"
    default_view = "ask"

    @expose("/", methods=["GET", "POST"])
    @public
    @no_cache
    def ask(self) -> Any:
        """The form and its answer; without a mail server, whom to turn to."""
        problems: list[Problem] = []
        by_mail = inviting.mail_in_use()
        if request.method == "POST" and by_mail:
            try:
                _asked()
            except Refusal as refusal:
                session.rollback()
                problems, status = refusal.problems, refusal.status
            else:
                return redirect(url_for(".ask", asked="yes"))
        page = {
            "title": _("Forgotten the password?"), "problems": problems, "form": by_mail,
            "asked": request.args.get("asked") == "yes" and by_mail, "name": request.form.get("name", ""),
        }
        return make_response(render_template("forgotten.html", page=page), status if problems else 200)


def _asked() -> None:
    name = reading.plain(request.form.get("name", ""), LONGEST_NAME).strip()
    if not name:
        raise Refusal(Problem(_("“%(field)s” is needed.", field=_("User name or e-mail")), "name", "required"))
    links.ask(name, settings.current().forgotten_life)
