"""What one sending says: several messages as one letter, in the reader's language, with the way to each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from jinja2 import Environment, FileSystemLoader, select_autoescape

from app.core import clock
from app.core.wording import worded
from app.engines.notifications.attaching import File

SUBJECT = 120
TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "mail"


@dataclass(frozen=True)
class Line:
    """One message of a letter; ``url`` is a whole address, or nothing."""

    at: str
    sentence: str
    url: str
    clause: str


@dataclass(frozen=True)
class Letter:
    """What goes out at once: its subject and lines, how many more there are, and the portal's own addresses."""

    language: str
    subject: str
    lines: tuple[Line, ...]
    more: int
    portal: str
    notices: str
    wishes: str
    greeting: str = ""
    files: tuple[File, ...] = ()


def letter(rows: Sequence[Any], language: str, most: int, name: str = "") -> Letter:
    """The letter of some outbox rows, oldest first; beyond ``most`` they are only counted."""
    with force_locale(language):
        lines = tuple(_line(row) for row in rows[:most])
        count = len(rows)
        subject = lines[0].sentence if count == 1 else _("%(count)s new notices", count=count)
        greeting = _("Hello %(name)s,", name=name) if name else ""
    return Letter(
        language, _short(subject), lines, count - len(lines), address(), address("/notices/"),
        address("/notices/wishes"), greeting,
    )


def trial(language: str, way: str) -> Letter:
    """The letter by which an administrator tries a way out."""
    with force_locale(language):
        said = _("This is a test message of the portal. “%(way)s” works.", way=way)
        now = clock.to_local(clock.now()).strftime("%Y-%m-%d %H:%M")
        line = Line(now, said, address(), "")
        subject = _("Test message")
    return Letter(language, subject, (line,), 0, address(), address("/notices/"), address("/notices/wishes"))


def link(language: str, name: str, username: str, path: str, until: dt.datetime, first: bool) -> Letter:
    """The letter with the link by which somebody chooses his password."""
    with force_locale(language):
        subject = _("Your account in the portal") if first else _("Choose a new password")
        said = {"username": username, "until": clock.to_local(until).strftime("%Y-%m-%d %H:%M")}
        lines = (
            Line("", _("Choose your password here; the link works once, until %(until)s. Your user name is "
                       "%(username)s.", **said), address(path), ""),
            Line("", _("If you did not ask for this, do nothing: your password stays as it is."), "", ""),
        )  # fmt: skip
        greeting = _("Hello %(name)s,", name=name)
    return Letter(language, subject, lines[:1] if first else lines, 0, address(), "", "", greeting)


def address(path: str = "/") -> str:
    """A path of the portal as people reach it from outside."""
    return f"{current_app.config['KEZHI_PUBLIC_URL']}{path}"


def plain(letter: Letter) -> str:
    """The letter as text."""
    return _filled("notice.txt", letter)


def html(letter: Letter) -> str:
    """The letter as HTML."""
    return _filled("notice.html", letter)


def _line(row: Any) -> Line:
    at: dt.datetime = clock.to_local(row.created_at)
    sentence = " ".join(worded(row.text, row.params).split())
    return Line(at.strftime("%m-%d %H:%M"), sentence, address(row.url) if row.url else "", row.clause or "")


def _short(text: str) -> str:
    return text if len(text) <= SUBJECT else f"{text[: SUBJECT - 1]}…"


def _filled(name: str, letter: Letter) -> str:
    with force_locale(letter.language):
        return _templates().get_template(name).render(letter=letter, _=_, brand=current_app.config.get("APP_NAME", ""))


@cache
def _templates() -> Environment:
    """Apart from the templates of pages: a letter has no request, no frame and no scripts."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape(["html"]), trim_blocks=True, lstrip_blocks=True
    )
