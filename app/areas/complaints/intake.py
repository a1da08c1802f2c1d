"""What every save of an intake and of the notes beside a case must obey, and what is filled in by itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _

from app.core import access, clock, moves
from app.core.errors import Problem
from app.core.saving import Draft, before_create, check
from app.core.whole import Whole


@check("complaint")
def heard_by_now(draft: Draft) -> Iterable[Problem]:
    """A complaint is written down when it was heard."""
    if (at := draft.get("received_at")) and at > clock.now():
        yield Problem(_("The time of receipt lies in the future."), "received_at", "not_future")


@before_create("complaint")
def first_receiver(whole: Whole) -> None:
    """Where a policy asks for the first receiver, it is whoever writes the complaint down; heard now or as said."""
    life = moves.lifecycle_of(whole.record)
    if life is None or "received_at" not in life.states[life.start].editable:
        return
    whole.update({"received_by_id": access.current().employee_id})
    if whole.get("received_at") is None:
        whole.update({"received_at": clock.now().replace(microsecond=0)})


@check("complaint_step")
def happened_by_now(draft: Draft) -> Iterable[Problem]:
    """A step is written down when it has happened."""
    if (at := draft.get("happened_at")) and at > clock.now():
        yield Problem(_("This lies in the future."), "happened_at", "not_future")


@before_create("complaint_step")
def noted_by(whole: Whole) -> None:
    """Whoever writes a step down did it."""
    record: Any = whole.record
    record.by_id = access.current().employee_id
