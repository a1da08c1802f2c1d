"""What the logs share: who reads them, days and pages out of the address, their frame, and the log as a workbook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar

import sqlalchemy as sa
from flask import Response as Streamed
from flask import request, url_for
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.core import access, clock, reading
from app.core.access import Access
from app.core.db import session
from app.core.errors import BadRequest, Problem
from app.core.fieldspec import FieldSpec
from app.core.kinds import DateKind
from app.engines.exchange import xlsx
from app.engines.exchange.xlsx import Layout, Sheet
from app.engines.people.models import Employee
from app.engines.privacy import operations as privacy
from app.screens.exports import attachment

MOST = 20_000
BATCH = 500
DAY = FieldSpec(DateKind(), _l("Day"), name="day")
BROWSERS = (
    ("wxwork", _l("WeCom")), ("MicroMessenger", _l("WeChat")), ("DingTalk", _l("DingTalk")), ("Lark", _l("Feishu")),
    ("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
    ("curl", "curl"), ("python", "Python"), ("Java", "Java"), ("Go-http", "Go"),
)  # fmt: skip
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"), ("OpenHarmony", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"),
    ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


class OfLogs:
    """A screen of who reads the logs: it is listed for them, and read and exported by them."""

    class_permission_name = "access_log"
    method_permission_name: ClassVar[dict[str, str]] = {"list": "reveal", "export": "export"}
    default_view = "list"
    menu_area = "organisation"

    @classmethod
    def meant_for(cls, person: Access) -> bool:
        """Whoever reads the logs."""
        return person.can("access_log", "reveal")


def frame(narrowing: Sequence[str], place: int | None) -> dict[str, Any]:
    """What stands around a log's lines: how it is narrowed, and the ways to older lines and to the workbook."""
    args: dict[str, Any] = {name: value for name in narrowing if (value := request.args.get(name))}
    return {
        "args": args, "clear_url": url_for(".list") if args else "",
        "older": url_for(".list", before=place, **args) if place else "",
        "export_url": url_for(".export", **args) if access.current().can("access_log", "export") else "",
    }


def device(agent: str | None) -> str:
    """Browser and system in words, as far as the caller says what it is."""
    known = [next((str(name) for mark, name in marks if mark in (agent or "")), "") for marks in (BROWSERS, SYSTEMS)]
    return " · ".join(filter(None, known)) or (agent or "")[:40]


def day(name: str) -> dt.date | None:
    """A day out of the address; raises ``BadRequest`` for what is none."""
    raw = reading.query_text(name, 10)
    try:
        found: dt.date | None = DAY.kind.read(raw, DAY)
    except ValueError as error:
        raise BadRequest(Problem(str(error), name, "date")) from None
    return found


def before() -> int | None:
    """The id that a page ends above."""
    return reading.number(request.args.get("before", ""))


def choice(name: str, known: Any) -> str:
    """One of some keys out of the address, or nothing."""
    raw = reading.query_text(name, 60)
    if raw and raw not in known:
        text = _("“%(value)s” is not one of the choices.", value=raw[:40])
        raise BadRequest(Problem(text, name, "choice"))
    return raw


def accounts_named(text: str) -> list[int] | None:
    """The accounts whose user name is, or whose person's name or number begins with, a text; ``None`` for no text."""
    if not text:
        return None
    named = Employee.name.startswith(text, autoescape=True) | (Employee.number == text)
    query = sa.select(User.id).outerjoin(Employee, Employee.account_id == User.id)
    return list(session.scalars(query.where((sa.func.lower(User.username) == text.lower()) | named).limit(200)))


def newest(read: Callable[[int | None, int], tuple[Sequence[Any], int | None]]) -> Iterator[Any]:
    """Everything that a log holds, page by page, up to a bound."""
    found, place = 0, None
    while found < MOST:
        lines, place = read(place, BATCH)
        yield from lines
        found += len(lines)
        if place is None:
            return


def workbook(name: str, heads: Sequence[Any], rows: list[list[Any]], asked: dict[str, Any]) -> Response:
    """A log as a workbook; that it was taken out is kept in the access log."""
    access.require("access_log", "export")
    privacy.log_export("access_log", len(rows), reason="", facts={"log": name, "filters": asked})
    session.commit()
    return sheets(name, [Sheet(name, heads, rows, Layout(heads=[xlsx.HEAD] * len(heads), widths=[20] * len(heads)))])


def sheets(name: str, book: list[Sheet]) -> Response:
    """A workbook to keep, named by what it holds and when it was made."""
    answer = Streamed(xlsx.stream(book), mimetype=xlsx.MIME)
    stamp = f"{clock.to_local(clock.now()):%Y%m%d-%H%M}"
    answer.headers["Content-Disposition"] = attachment(f"{name}-{stamp}.xlsx")
    return answer


def local(instant: dt.datetime | None) -> str:
    """An instant to the second, in local time."""
    return clock.to_local(instant).strftime("%Y-%m-%d %H:%M:%S") if instant else ""
