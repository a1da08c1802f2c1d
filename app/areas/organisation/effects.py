"""Effects that packs name for moves of matters between departments."""

from __future__ import annotations

from typing import Any

from app.core.moves import Moved, effect
from app.core.scope import call_in
from app.core.wording import N_
from app.engines.notifications import operations as notifications

ASKED = N_("You are asked for an answer: %(item)s.")


@effect("call_asked_person")
def call_asked_person(moved: Moved) -> None:
    """The person whom an item names may see it from now on, and is told."""
    item: Any = moved.record
    if item.person_id is not None and call_in(moved.register.slug, item.id, item.person_id):
        clause = moved.move.clause if moved.move else ""
        said, url = {"item": item.item_no or f"#{item.id}"}, f"/{moved.register.slug}/{item.id}"
        notifications.notify(f"item.asked:{item.id}", [item.person_id], ASKED, said, url, clause)
