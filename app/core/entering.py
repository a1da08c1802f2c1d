"""A case in its new state: who holds it now, and who may see it from now on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _

from app.core import clock
from app.core.db import session
from app.core.errors import Problem
from app.core.hooks import Step
from app.core.lifecycle import Lifecycle, State
from app.core.origin import is_held, unit_of_post
from app.core.register import Record, register_of
from app.core.scope import Participation
from app.core.whole import Whole
from app.core.words import post_label


def enter(record: Any, life: Lifecycle, target: str, whole: Whole) -> None:
    """Put a case into a state: its holder changes and may see it from now on."""
    state = life.states[target]
    record.status, record.state_since = target, clock.now()
    if not hasattr(record, "holder_unit_id"):
        return
    record.holder_post = f"{life.policy}.{state.holder.post}" if state.holder else None
    with session.no_autoflush:  # state and holder are one change, in the history too
        record.holder_unit_id = _holder_unit(record, life, state, whole)
    if record.holder_unit_id and record.id:
        send_to(record, record.holder_unit_id, record.holder_post)


def _holder_unit(record: Any, life: Lifecycle, state: State, whole: Whole) -> int | None:
    if state.holder is None:
        return None
    if state.holder.owner:
        return int(record.unit_id)
    if state.holder.unit_field and (named := whole.get(state.holder.unit_field)):
        return int(named)
    return unit_of_post(f"{life.policy}.{state.holder.post}", life.within)


def nobody_there(step: Step) -> Iterable[Problem]:
    """A step that hands a case to a unit in which nobody could go on with it would lose it."""
    state, source = step.lifecycle.states[step.move.target], getattr(step.whole.record, "status", "")
    holder = state.holder
    if holder is None or holder.owner or not holder.unit_field or step.move.target == source:
        return
    unit_id = step.get(holder.unit_field)
    if unit_id and not _goes_on(step.lifecycle, holder.post, state.key, int(unit_id)):
        post = post_label(f"{step.lifecycle.policy}.{holder.post}")
        text = _("Nobody in the chosen unit holds the post “%(post)s”.", post=post)
        yield Problem(text, holder.unit_field, "holder", state.clause or step.move.clause)


def _goes_on(life: Lifecycle, holder: str, state: str, unit_id: int) -> bool:
    """Whether the unit, time, an approval or somebody elsewhere takes a case on from a state."""
    leaving = life.leaving(state)
    if not leaving or any(move.system or move.approval or holder not in move.posts for move in leaving):
        return True
    posts = {post for move in leaving for post in move.posts}
    return any(is_held(f"{life.policy}.{post}", unit_id) for post in sorted(posts))


def send_to(record: Record, unit_id: int, post: str | None = None) -> None:
    """Let a unit see a case from now on; a second sending changes nothing."""
    register = register_of(record)
    known = session.query(Participation.id).filter_by(register=register.slug, record_id=record.id, unit_id=unit_id)
    if known.first() is None:
        session.add(Participation(register=register.slug, record_id=record.id, unit_id=unit_id, post=post))
