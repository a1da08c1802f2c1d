"""Addresses of a register's screens."""

from __future__ import annotations

from typing import Any

from flask import url_for
from markupsafe import Markup

from app.core import access
from app.core.register import Register, registers
from app.core.whole import Whole


def url(register: Register, method: str, **values_: Any) -> str:
    """The address of one of a register's screens."""
    return url_for(f"{register.model.__name__}View.{method}", **values_)


def home(whole: Whole) -> str:
    """Where a row is at home: the tab of its kind on its parent's page, else its register's list."""
    register = whole.register
    parent_id = whole.get(register.parent) if register.parent else None
    if parent_id is None:
        return url(register, "list")
    return f"{url(access.parent_of(register)[1], 'show', pk=parent_id)}#tab-{register.slug}"


def link(slug: str, record_id: int, text: str) -> Markup:
    """A link to a record's page."""
    return Markup('<a href="{}">{}</a>').format(url(registers()[slug], "show", pk=record_id), text)
