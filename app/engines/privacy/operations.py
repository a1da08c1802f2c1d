"""Unmasking a value, and the trace of exports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import after_this_request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core import access, moves, reading, revealing
from app.core.db import session
from app.core.errors import NotFound, Problem, Refusal
from app.core.register import Record, Register, register_of, registers
from app.engines.privacy.calc import is_reason
from app.engines.privacy.models import AccessLog


def reveal(record: Record, field: str, reason: str) -> str:
    """The personal value of a field in clear, with a line in the access log; the caller commits.

    Raises ``Forbidden`` without the permission, ``NotFound`` for a row out of reach or a field that is not personal,
    and ``Refusal`` without a reason.
    """
    register, whole = register_of(record), moves.whole_of(record)
    access.require(register.guarded_by, "reveal")
    spec = whole.fields.get(field)
    if spec is None or spec.kind.name != "personal" or not access.may(record, "reveal"):
        raise NotFound()
    session.add(
        AccessLog(
            act="reveal",
            of_register=register.slug,
            record_id=record.id,
            field=field,
            granted=True,
            reason=_checked(reason),
        )
    )
    session.flush()
    return str(whole.get(field) or "")


def log_export(slug: str, rows: int, *, reason: str, facts: Mapping[str, Any], figures: bool = False) -> None:
    """Leave a trace of an export, one line whatever its size; ``facts`` are its filters and columns.

    Raises ``Refusal`` without a reason when the register holds personal fields; ``figures`` alone hold none.
    """
    text = _checked(reason) if registers()[slug].personal and not figures else reason.strip()
    session.add(AccessLog(act="export", of_register=slug, rows=rows, reason=text, facts=dict(facts)))
    session.flush()


def log_prints(slug: str, rows: int, facts: Mapping[str, Any]) -> None:
    """Leave a trace of many rows printed at once; each print stands in the history of its row besides."""
    session.add(AccessLog(act="print", of_register=slug, rows=rows, reason="—", facts=dict(facts)))
    session.flush()


def _checked(reason: str) -> str:
    text = reason.strip()
    if not is_reason(text):
        raise Refusal(
            Problem(_("Please say in a few words what for; it is kept in the access log."), "reason", "reason")
        )
    Refusal.when(problem for problem in [reading.text_problem(text, "reason", _("Reason"))] if problem)
    return text


def _log_refused(register: Register, record_id: int, field: str, reason: str) -> None:
    """Keep that somebody wanted to look at a sealed row that is not open to him; it is written after the answer."""
    _keep_after(AccessLog(
        act="reveal", of_register=register.slug, record_id=record_id, field=field[:60], granted=False,
        reason=reason.strip()[:500] or "—",
    ))  # fmt: skip


def log_look(slug: str, record_id: int, basis: str, number: str = "", act: str = "view") -> None:
    """Keep a look at a watched row, or its print, and what allowed it."""
    session.add(
        AccessLog(act=act, of_register=slug, record_id=record_id, granted=True, basis=basis, request_no=number or None,
                  reason="—")
    )  # fmt: skip
    session.flush()


def log_refused_look(slug: str, record_id: int) -> None:
    """Keep a look that was refused; it is written after the answer."""
    _keep_after(AccessLog(act="view", of_register=slug, record_id=record_id, granted=False, basis="none", reason="—"))


def _keep_after(line: AccessLog) -> None:
    @after_this_request
    def keep(response: Response) -> Response:
        session.add(line)
        session.commit()
        return response


revealing.set_revealer(reveal, _log_refused)
