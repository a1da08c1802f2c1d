"""What holds for every request: CSRF, one commit, security headers, language and answers to faults."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Flask, current_app, g, has_request_context, request
from flask import session as cookie
from flask_babel import get_locale
from flask_login import current_user
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

from app.core import actor, assets, faults, texts
from app.core.db import session
from app.core.wording import listed

LOCALES = ("zh", "en")
POLICY = (
    "default-src 'self'; script-src 'self'{nonce}; style-src 'self'; img-src 'self' data:; font-src 'self' data:; "
    "connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
HSTS = "max-age=31536000; includeSubDomains"

csrf = CSRFProtect()


def init_web(app: Flask) -> None:
    """Prepare an application; call it before AppBuilder."""
    if ahead := app.config.get("KEZHI_PROXIES", 0):
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=ahead, x_proto=ahead, x_host=ahead)  # type: ignore[method-assign]
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    csrf.init_app(app)
    app.jinja_env.globals["csp_nonce"] = csp_nonce
    app.jinja_env.filters["listed"] = listed
    app.context_processor(lambda: {"page_locale": str(get_locale() or LOCALES[0])[:2]})
    texts.init_texts(app)
    assets.init_assets(app)
    app.before_request(_check_csrf)
    app.after_request(_add_headers)
    app.dispatch_request = _in_one_transaction(app.dispatch_request)  # type: ignore[method-assign]
    faults.init_faults(app)


# -- CSRF ------------------------------------------------------------------------------------------------------------


def has_bearer() -> bool:
    """Whether the caller names itself by a token in a header, which no foreign page can make a browser send."""
    return request.headers.get("Authorization", "").lower().startswith("bearer ")


def _check_csrf() -> None:
    """Ask for the token wherever a cookie could speak for the person; FAB's own exemptions do not count."""
    if request.endpoint == "static":
        return  # the same for everybody: who asks is not looked at, so that the answer may be kept
    by_cookie = "_user_id" in cookie or not faults.wants_json()
    if current_app.config["WTF_CSRF_ENABLED"] and request.endpoint and by_cookie and not has_bearer():
        csrf.protect()


# -- transaction -----------------------------------------------------------------------------------------------------


def _in_one_transaction(dispatch: Any) -> Any:
    """One commit after the view has succeeded; nothing stays of a view that raised or refused."""

    def carried_out() -> Response:
        try:
            response = current_app.make_response(dispatch())
            if response.status_code < 400:
                session.commit()
                return response
        except BaseException:
            session.rollback()
            raise
        session.rollback()
        return response

    return carried_out


# -- headers ---------------------------------------------------------------------------------------------------------


def csp_nonce() -> str:
    """The word that lets a script of this page run."""
    if not has_request_context():
        return ""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def _add_headers(response: Response) -> Response:
    nonce = f" 'nonce-{g.csp_nonce}'" if "csp_nonce" in g else ""
    response.headers.setdefault("Content-Security-Policy", POLICY.format(nonce=nonce))
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", HSTS)
    if request.endpoint != "static" and not str(request.endpoint).endswith(".static"):
        response.headers.setdefault("Cache-Control", "no-store")
    response.headers["X-Request-ID"] = actor.act_id()
    return response


# -- language --------------------------------------------------------------------------------------------------------


def pick_locale() -> str | None:
    """What the person chose; else what was chosen on this browser; else what it prefers; else Chinese.

    The account's choice is before the cookie's: an answer that was under way when it was made brings the old cookie.
    """
    if not has_request_context():
        return None
    stored = g.account.locale if current_user and g.get("account") else None
    for chosen in (request.args.get("_l_"), stored, cookie.get("locale")):
        if chosen in LOCALES:
            return str(chosen)
    wished = (tag.partition("-")[0].lower() for tag in request.accept_languages.values())
    return next((tag for tag in wished if tag in LOCALES), LOCALES[0])
