"""FAB's security manager, answering from the holdings; of FAB's security views only sign-in and tokens remain."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from flask import Flask, current_app, g, redirect, request, url_for
from flask import session as cookie
from flask_appbuilder.security.sqla.manager import SecurityManager as FabSecurityManager
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext as _
from flask_jwt_extended import JWTManager, verify_jwt_in_request
from flask_jwt_extended.exceptions import JWTExtendedException
from flask_login import LoginManager, current_user
from jwt.exceptions import PyJWTError

from app.core import access, accounts, faults, login_views, logins, program_keys, web
from app.core.db import session
from app.core.errors import Forbidden, Refusal
from app.core.register import registers

DEFAULTS = {
    "KEZHI_LOGIN_ATTEMPTS": 5,
    "KEZHI_LOGIN_PAUSE": dt.timedelta(minutes=15),
    "JWT_ACCESS_TOKEN_EXPIRES": dt.timedelta(minutes=15),
    "JWT_REFRESH_TOKEN_EXPIRES": dt.timedelta(days=7),
}
OPEN_WHILE_PASSWORD_IS_DUE = frozenset(
    {"static", "appbuilder.static", "PasswordView.password", "LoginView.logout", "LoginView.login", "LocaleView.index",
     "JoinView.join"}
)


class SecurityManager(FabSecurityManager):
    """Answers FAB's questions from what the person holds; keeps passwords, sessions and tokens strict."""

    def __init__(self, appbuilder: Any) -> None:
        for name, value in DEFAULTS.items():
            current_app.config.setdefault(name, value)
        super().__init__(appbuilder)

    # -- who is there -------------------------------------------------------------------------------------------------

    def create_login_manager(self, app: Flask) -> LoginManager:
        """Cookies for browsers, tokens for programs; a request that brings a token is never the cookie's."""
        manager = LoginManager(app)
        manager.login_view = "LoginView.login"
        manager.user_loader(lambda _user_id: None if web.has_bearer() else self._of(cookie.get("sid")))
        manager.request_loader(lambda _request: self._of_token())
        return manager

    def create_jwt_manager(self, app: Flask) -> JWTManager:
        """Tokens name a session row, so they end with it; every fault of a token is 401 in our shape."""
        manager = JWTManager(app)
        manager.user_lookup_loader(self.load_user_jwt)
        for fault in (manager.expired_token_loader, manager.user_lookup_error_loader, manager.revoked_token_loader):
            fault(lambda *_claims: faults.answer(401))
        for fault in (manager.invalid_token_loader, manager.unauthorized_loader):
            fault(lambda _why: faults.answer(401))
        return manager

    def load_user(self, pk: int) -> User | None:
        """An account that is not locked, by id."""
        user = self.get_user_by_id(int(pk))
        return user if user and user.is_active else None

    def load_user_jwt(self, _header: Any, claims: dict[str, Any]) -> User | None:
        """The account whose session a token names."""
        user = self._of(claims.get("sid"))
        return user if user is not None and str(user.id) == claims["sub"] else None

    def _of(self, sid: str | None) -> User | None:
        account = logins.load(sid)
        return account.user if account else None

    def _of_token(self) -> User | None:
        if not web.has_bearer():
            return None
        try:
            if text := program_keys.given():
                return program_keys.user_of(text)
            verify_jwt_in_request()
        except (JWTExtendedException, PyJWTError, Refusal) as fault:
            g.token_fault = fault
            return None
        return self._of(g.account.sid if g.get("account") else None)

    @staticmethod
    def before_request() -> Any:
        """Refuse broken tokens; hold everything back while a password must be changed."""
        g.user = current_user
        if request.endpoint == "static":
            return None
        signed_in = current_user.is_authenticated
        if (fault := g.get("token_fault")) is not None and request.endpoint != "SecurityApi.refresh":
            raise fault
        if not signed_in:
            return None
        program_keys.admit()
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            logins.seen()
        if g.account.must_change_password and request.endpoint not in OPEN_WHILE_PASSWORD_IS_DUE:
            if faults.wants_json():
                raise Forbidden(_("This account must first change its password in the browser."))
            return redirect(url_for("PasswordView.password"))
        return None

    def auth_user_db(self, username: str, password: str) -> User | None:
        """FAB's way to check a password; counts attempts like every other way."""
        try:
            return logins.sign_in(username, password, logins.PROGRAM).user
        except Refusal:
            return None

    # -- passwords ----------------------------------------------------------------------------------------------------

    def add_user(self, username: str, *args: Any, password: str = "", **options: Any) -> Any:
        """FAB's way to make an account; a given password must keep the rule."""
        if password:
            accounts.check_password(password, username)
        return super().add_user(username, *args, password=password, **options)

    def reset_password(self, userid: int, password: str) -> None:
        """FAB's way to give a password: it keeps the rule, ends the sessions, and commits."""
        accounts.set_password(self.get_user_by_id(userid), password)
        session.commit()

    # -- what they may do ---------------------------------------------------------------------------------------------

    def has_access(self, permission_name: str, view_name: str) -> bool:
        """Whether any holding of the person gives the permission; costs no statement of its own."""
        if not current_user or not current_user.is_authenticated:
            return False
        person = access.current()
        if view_name in registers():
            return person.can(view_name, permission_name.removeprefix("can_"))
        return person.everything or view_name in access.SIGNED_IN

    def exist_permission_on_roles(self, view_name: str, permission_name: str, role_ids: Iterable[int]) -> bool:
        """The same answer; roles count only through holdings."""
        return self.has_access(permission_name, view_name)

    def is_item_public(self, permission_name: str, view_name: str) -> bool:
        """Nothing is open to the anonymous."""
        return False

    def get_user_roles(self, user: Any) -> list[Any]:
        """FAB's role list is not used; see ``access.current()``."""
        return []

    def get_user_menu_access(self, menu_names: list[str] | None = None) -> set[str]:
        """Menu entries follow from the right to read."""
        return {name for name in menu_names or [] if self.has_access("can_read", name)}

    # -- views --------------------------------------------------------------------------------------------------------

    def register_views(self) -> None:
        """Sign-in and tokens; nothing else of FAB's security views."""
        current_app.extensions["babel"].locale_selector = web.pick_locale
        current_app.view_functions["LocaleView.index"] = login_views.choose_locale
        self.auth_view = self.appbuilder.add_view_no_menu(login_views.LoginView())
        self.appbuilder.add_api(login_views.SecurityApi)
