"""Where people and programs come in: sign-in page, own password, language, and tokens."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import abort, current_app, flash, g, jsonify, redirect, render_template, request, url_for
from flask import session as cookie
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, no_cache
from flask_appbuilder.security.forms import LoginForm_db
from flask_appbuilder.security.views import AuthDBView
from flask_appbuilder.utils.base import get_safe_redirect
from flask_babel import gettext as _
from flask_jwt_extended import create_access_token, create_refresh_token, get_jwt, jwt_required
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from app.core import accounts, logins, openapi, reading, shell, web
from app.core.access import Access
from app.core.db import session, writes
from app.core.errors import BadRequest, Forbidden, Problem, Refusal
from app.core.screen import DescribedApi, Screen


def public(view: Any) -> Any:
    """Mark a route that asks for no permission."""
    view.is_public = True
    return view


class LoginView(AuthDBView):
    """Sign in and out of a browser."""

    @expose("/login/", methods=["GET", "POST"])
    @public
    @no_cache
    def login(self) -> Any:
        """The sign-in page; a refusal keeps the name typed."""
        if current_user.is_authenticated:
            return redirect(self._get_safe_next_url())
        form, status = LoginForm_db(), 200
        if form.validate_on_submit():
            try:
                return self._enter(form.username.data, form.password.data)
            except Refusal as refusal:
                form.password.errors = [*form.password.errors, str(refusal)]
                status = refusal.status
        languages = [(code, entry["name"], f"{request.script_root}/lang/{code}") for code, entry in _languages()]
        company = shell.known("company", Access(), "")
        page = self.render_template(
            self.login_template, title=self.title, form=form, languages=languages, company=company
        )
        return page, status

    def _enter(self, username: str, password: str) -> Any:
        account = logins.sign_in(username, password, logins.BROWSER)
        chosen = cookie.get("locale") or account.locale
        cookie.clear()
        cookie.permanent = True
        login_user(account.user)
        cookie["sid"] = account.sid
        if chosen:
            cookie["locale"] = chosen
            accounts.set_locale(account.user.id, chosen)
        return redirect(self._get_safe_next_url())

    @expose("/logout/", methods=["POST"])
    @public
    def logout(self) -> Any:
        """End this session; others of the same account go on."""
        if sid := cookie.get("sid"):
            logins.end(sid)
        logout_user()
        chosen = cookie.get("locale")
        cookie.clear()
        if chosen:
            cookie["locale"] = chosen
        return redirect(url_for("LoginView.login"))


class PasswordView(Screen):
    """Change one's own password."""

    route_base = "/password"
    default_view = "password"
    everyone = True

    @expose("/", methods=["GET", "POST"])
    @has_access
    @no_cache
    def password(self) -> Any:
        """The form; a new password ends the account's other sessions."""
        problems: list[Problem] = []
        if request.method == "POST":
            try:
                self._change()
            except Refusal as refusal:
                session.rollback()
                problems = refusal.problems
            else:
                flash(_("Your password is changed. Your other sessions have ended."), "success")
                return redirect(f"{request.script_root}/")
        page = {
            "forced": g.account.must_change_password, "action": url_for("PasswordView.password"), "problems": problems,
            "fields": _password_fields(problems), "rules": accounts.password_rules(),
            "cancel_url": f"{request.script_root}/",
        }
        return render_template("password.html", page=page), 422 if problems else 200

    def _change(self) -> None:
        old, new, again = (request.form.get(name, "") for name in ("old", "password", "again"))
        if new != again:
            raise Refusal(Problem(_("The two new passwords differ."), "again", "password"))
        logins.change_password(g.account, old, new)


def _password_fields(problems: list[Problem]) -> list[dict[str, Any]]:
    labels = {"old": _("Present password"), "password": _("New password"), "again": _("New password again")}
    said = {p.field: p.message for p in reversed(problems)}
    return [
        {"name": name, "label": label, "kind": "password", "required": True, "error": said.get(name),
         "autocomplete": "current-password" if name == "old" else "new-password"}
        for name, label in labels.items()
    ]


TOKENS = {
    "type": "object",
    "required": ["access_token"],
    "properties": {"access_token": openapi.TEXT, "refresh_token": openapi.TEXT},
}
LOGIN = {
    "type": "object",
    "required": ["username", "password"],
    "properties": {"username": openapi.TEXT, "password": openapi.TEXT, "refresh": {"type": "boolean"}},
}


class SecurityApi(DescribedApi):
    """Tokens for programs: ``POST /api/v1/security/login`` and ``…/refresh``."""

    resource_name = "security"
    openapi_spec_tag = "Security"
    csrf_exempt = False

    @expose("/login", methods=["POST"])
    @public
    @openapi.describes(TOKENS, LOGIN)
    def login(self) -> Response:
        """``{"username", "password", "refresh"?}`` for an access token and, if asked for, one to renew it."""
        body = reading.json_object()
        given = [body.get(name) for name in ("username", "password")]
        if not all(isinstance(text, str) and reading.is_shown(text) for text in given):
            raise BadRequest(_("“username” and “password” are texts."))
        account = logins.sign_in(body["username"], body["password"], logins.PROGRAM)
        if account.must_change_password:
            logins.end(account.sid)
            session.commit()
            raise Forbidden(_("This account must first change its password in the browser."))
        identity, claims = str(account.user.id), {"sid": account.sid}
        tokens = {"access_token": create_access_token(identity, additional_claims=claims)}
        if body.get("refresh") is True:
            tokens["refresh_token"] = create_refresh_token(identity, additional_claims=claims)
        return jsonify(tokens)

    @expose("/refresh", methods=["POST"])
    @public
    @openapi.describes(TOKENS)
    @jwt_required(refresh=True)
    def refresh(self) -> Response:
        """A new access token for a renewal token whose session has not ended."""
        claims = get_jwt()
        return jsonify({"access_token": create_access_token(claims["sub"], additional_claims={"sid": claims["sid"]})})


def _languages() -> Iterable[tuple[str, dict[str, str]]]:
    return current_app.config["LANGUAGES"].items()


@writes
def choose_locale(locale: str) -> Any:
    """Speak a language from now on, here and at the next sign-in."""
    if locale not in web.LOCALES:
        abort(404)
    cookie["locale"] = locale
    if current_user.is_authenticated:
        session.rollback()  # on SQLite a transaction that has read cannot always go on to write
        accounts.set_locale(g.account.user.id, locale)
    return redirect(get_safe_redirect(request.referrer or ""))
