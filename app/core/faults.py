"""What a person sees when something is refused or fails: a page, or for ``/api/`` a JSON body of one shape."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from typing import Any

import structlog
from flask import Flask, g, jsonify, make_response, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import escape
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.wrappers import Response

from app.core import actor
from app.core.db import session
from app.core.errors import BadRequest, Conflict, Problem, Refusal

TITLES: dict[int, Any] = {
    400: _l("The request cannot be read"),
    401: _l("Please sign in"),
    403: _l("This is not open to you"),
    404: _l("Not found"),
    405: _l("That cannot be done here"),
    409: _l("Somebody changed this meanwhile"),
    413: _l("That is too large"),
    415: _l("This kind of content is not accepted"),
    422: _l("A rule does not allow this"),
    429: _l("Too many attempts"),
    500: _l("Something went wrong"),
}
TEXTS: dict[int, Any] = {
    400: _l("The address or the form holds something that cannot be read."),
    401: _l("Your session has ended, or you have not signed in."),
    403: _l("Your roles do not open this page. The administrator can give you a role."),
    404: _l("There is no such page or record, or it is outside what you may see."),
    405: _l("This address does not take this kind of request."),
    413: _l("Please send smaller files, or fewer at once."),
    415: _l("A JSON object is expected."),
    429: _l("Please wait a little and try again."),
    500: _l("Nothing was saved. The fault is recorded; please try again, or tell the administrator the reference."),
}
UNREADABLE = ("invalid literal for int()", "could not convert string to float")

log = structlog.get_logger("kezhi.faults")


def init_faults(app: Flask) -> None:
    """Answer every refusal and fault in the reader's language, and let no half-done change stay in the session."""
    app.register_error_handler(Refusal, refused)
    app.register_error_handler(HTTPException, http_fault)
    app.register_error_handler(InternalServerError, crashed)
    app.register_error_handler(ValueError, unreadable)
    app.register_error_handler(OverflowError, unreadable)
    app.register_error_handler(DataError, unreadable)
    app.register_error_handler(IntegrityError, not_unique)
    app.register_error_handler(StaleDataError, changed_meanwhile)


def wants_json() -> bool:
    """Whether the caller is a program."""
    return request.path.startswith("/api/")


def answer(
    status: int, problems: Sequence[Problem] = (), reference: str = "", conflict: dict[str, Any] | None = None
) -> Response:
    """The page or JSON body of a refusal; the transaction is rolled back."""
    session.rollback()
    title = str(TITLES.get(status, TITLES[400 if status < 500 else 500]))
    problems = problems or [Problem(TEXTS.get(status, title))]
    if wants_json():
        body = {"message": " ".join(str(p.message) for p in problems), "errors": [p.as_dict() for p in problems]}
        more = {"reference": reference, "conflict": conflict}
        return make_response(jsonify(body | {key: value for key, value in more.items() if value}), status)
    return make_response(_page(status, title, problems, reference), status)


def _page(status: int, title: str, problems: Sequence[Problem], reference: str) -> str:
    alone = problems[0] if len(problems) == 1 else None
    home = {"url": f"{request.script_root}/", "label": _("To the workbench")}
    error = {
        "code": status, "title": title, "message": alone.message if alone else "", "who": "", "way_out": home,
        "clause": alone.clause if alone else "", "problems": [] if alone else problems, "reference": reference,
    }
    try:
        return render_template("error.html", error=error)
    except Exception as fault:  # noqa: BLE001 - whatever breaks the page must not hide the answer
        session.rollback()
        _note("error_page", fault)
        lines = "".join(f"<p>{escape(str(problem.message))}</p>" for problem in problems)
        return f"<!doctype html><title>{status}</title><h1>{escape(title)}</h1>{lines}"


def refused(error: Refusal) -> Response:
    """A rule said no."""
    told = error.as_dict() if isinstance(error, Conflict) and error.version else None
    return answer(error.status, error.problems, conflict=told)


def http_fault(error: HTTPException) -> Response:
    """404, 405, 413 and their like; redirects and finished answers pass through."""
    if error.response is not None or (error.code or 500) < 400:
        return error.get_response()
    made = answer(error.code or 500)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After", "WWW-Authenticate"):
            made.headers[name] = value
    return made


def unreadable(error: Exception) -> Response:
    """A number in the address that is none, or too large for the database; any other ValueError is a fault."""
    plain_value = isinstance(error, ValueError) and not isinstance(error, UnicodeError)
    if plain_value and not str(error).startswith(UNREADABLE):
        raise error
    return refused(BadRequest(str(TEXTS[400])))


def not_unique(error: IntegrityError) -> Response:
    """The database refused: a value exists already, or something still refers to the row."""
    _note("not_unique", error)
    return refused(Conflict(_("Not saved: a value exists already, or another record needs this one.")))


def changed_meanwhile(_error: StaleDataError) -> Response:
    """Two people saved the same row."""
    return refused(Conflict(_("Somebody changed this record meanwhile. Please look at it again.")))


def crashed(error: InternalServerError) -> Response:
    """A fault of the program; recorded without any value, since values may be personal."""
    _note("crashed", error.original_exception or error)
    return answer(500, reference=actor.act_id())


def _note(event: str, error: BaseException) -> None:
    frames = [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)]
    log.error(
        event, error=type(error).__name__, request_id=actor.act_id(), method=request.method, endpoint=request.endpoint,
        account=g.account.user.id if g.get("account") else None, frames=frames[-12:],
    )
