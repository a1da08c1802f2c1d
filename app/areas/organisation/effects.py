"""Guards and effects that packs name for moves of matters between departments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _

from app.core import moves
from app.core.errors import Problem
from app.core.lifecycle import Lifecycle
from app.core.moves import Moved, Step, effect, guard
from app.core.scope import call_in
from app.core.wording import N_
from app.engines.notifications import operations as notifications
from app.engines.people.seats import Seat, holders_many

ASKED = N_("You are asked for an answer: %(item)s.")


@effect("call_asked_person")
def call_asked_person(moved: Moved) -> None:
    """The person whom an item names may see it from now on, and is told."""
    item: Any = moved.record
    if item.person_id is not None and call_in(moved.register.slug, item.id, item.person_id):
        clause = moved.move.clause if moved.move else ""
        said, url = {"item": item.item_no or f"#{item.id}"}, f"/{moved.register.slug}/{item.id}"
        notifications.notify(f"item.asked:{item.id}", [item.person_id], ASKED, said, url, clause)


def _answering(life: Lifecycle, state: str, unit_id: int) -> Sequence[Seat]:
    """Who may answer an item out of a state in a department: the posts of its steps, as held in that very unit."""
    posts = {post for step in life.leaving(state) if not step.owner_only for post in step.posts}
    seats = holders_many([f"{life.policy}.{post}" for post in sorted(posts)], [life.within])
    return [seat for seat in seats if seat.unit_id == unit_id]


@effect("call_department")
def call_department(moved: Moved) -> None:
    """The department that an item names sees it from now on, and whoever answers there is told."""
    item: Any = moved.record
    moves.send_to(item, item.department_id)
    told = [seat.employee_id for seat in _answering(moved.lifecycle, moved.target, item.department_id)]
    clause = moved.move.clause if moved.move else ""
    said, url = {"item": item.item_no or f"#{item.id}"}, f"/{moved.register.slug}/{item.id}"
    notifications.notify(f"item.asked:{item.id}", told, ASKED, said, url, clause)


@guard("department_answers")
def department_answers(step: Step) -> Iterable[Problem]:
    """Somebody in the department asked has a post that answers."""
    unit_id = step.get("department_id")
    if unit_id is not None and not _answering(step.lifecycle, step.move.target, unit_id):
        text = _("Nobody in this department answers such matters.")
        yield Problem(text, "department_id", "department_answers", step.move.clause)


@guard("department_asked")
def department_asked(step: Step) -> Iterable[Problem]:
    """The answer is given in the department that was asked."""
    codes = {f"{step.lifecycle.policy}.{post}" for post in step.move.posts}
    asked = step.whole.get("department_id")
    if not any(post.unit_id == asked and post.code in codes for post in step.access.posts):
        yield Problem(_("The department that was asked answers itself."), None, "department_asked", step.move.clause)
