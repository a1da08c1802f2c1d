"""Addresses of a register's screens."""

from __future__ import annotations

from typing import Any

from flask import url_for
from markupsafe import Markup

from app.core.register import Register, registers


def url(register: Register, method: str, **values_: Any) -> str:
    """The address of one of a register's screens."""
    return url_for(f"{register.model.__name__}View.{method}", **values_)


def link(slug: str, record_id: int, text: str) -> Markup:
    """A link to a record's page."""
    return Markup('<a href="{}">{}</a>').format(url(registers()[slug], "show", pk=record_id), text)
