"""The frame around every page: menu, person, counts, date and languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask import Flask, request
from flask_babel import get_locale
from flask_login import current_user

from app.core import access, clock, menu
from app.core.db import session

Counter = Callable[[access.Access], "sa.Select[int] | None"]
_facts: dict[str, Callable[[access.Access], Any]] = {}
_counts: dict[str, Counter] = {}
WEEKDAYS = {"zh": "一二三四五六日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}


def fact(name: str) -> Callable[[Callable[[access.Access], Any]], Callable[[access.Access], Any]]:
    """Name the function that knows a fact of the frame.

    These are person, day_text and, for visitors, company.
    """
    return lambda function: _facts.setdefault(name, function)


def counted(name: str) -> Callable[[Counter], Counter]:
    """Name the function that gives the query of a count of the frame, inbox_count or notice_count; none counts nought.

    All counts are asked for with one statement.
    """
    return lambda function: _counts.setdefault(name, function)


def counts(person: access.Access) -> dict[str, int]:
    """The counts of the frame."""
    asked = {name: query for name, count in _counts.items() if (query := count(person)) is not None}
    if not asked:
        return {}
    found = session.execute(sa.select(*(query.scalar_subquery() for query in asked.values()))).one()
    return dict(zip(asked, found, strict=True))


def init_shell(app: Flask) -> None:
    """Give every template the frame; anonymous visitors get none."""

    @app.context_processor
    def _frame() -> dict[str, Any]:
        return {"shell": frame(app) if current_user and current_user.is_authenticated else None}


def known(name: str, person: access.Access, default: Any) -> Any:
    """A fact of the frame; ``default`` when nobody knows it."""
    return _facts[name](person) if name in _facts else default


def frame(app: Flask) -> dict[str, Any]:
    """What ``base.html`` shows around a page."""
    person = access.current()
    locale = str(get_locale() or "zh")[:2]
    username = current_user.username
    waiting = counts(person)
    return {
        "menu": menu.drawn(person, waiting),
        "person": (known("person", person, None) or {"name": username, "initials": username[:1].upper(), "post": ""})
        | {"key": current_user.id},
        "inbox_count": waiting.get("inbox_count", 0),
        "notice_count": waiting.get("notice_count", 0),
        "clock_text": clock_text(locale, person),
        "locale": locale,
        "languages": [
            (code, entry["name"], f"{request.script_root}/lang/{code}")
            for code, entry in app.config["LANGUAGES"].items()
        ],
        "theme": request.cookies.get("kz_theme", ""),
    }


def clock_text(locale: str, person: access.Access) -> str:
    """The server's date, weekday and time, and whether today is a working day."""
    now = clock.to_local(clock.now())
    day = WEEKDAYS["en" if locale == "en" else "zh"][now.weekday()]
    stamp = f"{now:%Y-%m-%d} {day if locale == 'en' else '周' + day} {now:%H:%M}"
    words = known("day_text", person, "")
    return f"{stamp} · {words}" if words else stamp
