"""Forbidden phrases in what was said to a customer."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.areas.service.service_script import ServiceScript
from app.core.db import session
from app.core.saving import before_create
from app.core.whole import Whole
from app.engines.people import operations as people

FORBIDDEN = "forbidden"
SAID = ("content", "answer")


def found_in(text: str, unit_id: int) -> list[str]:
    """The forbidden phrases in a text that the unit, or one above it, has in use."""
    above = [int(part) for part in people.path_of(unit_id).split("/") if part]
    query = sa.select(ServiceScript.text).where(
        ServiceScript.kind == FORBIDDEN, ServiceScript.active, ServiceScript.unit_id.in_(above)
    )
    return [phrase for phrase in session.scalars(query.order_by(ServiceScript.code)) if phrase in text]


@before_create("contact_log")
def mark_forbidden(whole: Whole) -> None:
    """A contact in which a forbidden phrase was used says so; nobody is kept from logging it."""
    record: Any = whole.record
    said = found_in("\n".join(filter(None, map(whole.get, SAID))), record.unit_id)
    whole.update({"forbidden_used": bool(said), "forbidden_found": "、".join(said)[:200] or None})

