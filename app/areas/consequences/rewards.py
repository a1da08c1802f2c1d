"""What rewards must obey, who is asked about them, and whom they are told to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _

from app.areas.complaints import operations as complaints
from app.core import clock
from app.core.db import session
from app.core.errors import Problem
from app.core.moves import Moved, Step, effect, guard
from app.core.ripples import after_change
from app.core.saving import Draft, check
from app.core.scope import call_in
from app.core.wording import N_
from app.engines.notifications import operations as notifications
from app.engines.people.models import Employee

REWARDED = N_("You are rewarded: %(number)s.")


@check("reward")
def reward_is_for_somebody(draft: Draft) -> Iterable[Problem]:
    """A reward names a person or a customer, never nobody; only some rewards are paid."""
    if draft.get("employee_id") is None and draft.get("customer_id") is None:
        yield Problem(_("Name whom the reward is for."), "employee_id", "one_of")
    if draft.get("amount") == 0:
        yield Problem(_("A bonus of nothing is no bonus."), "amount", "positive")


@after_change("reward")
def place_reward(reward: Any) -> None:
    """A reward has its number from the beginning, and is agreed where the person works."""
    complaints.give_number(reward, clock.now())
    if reward.employee_id is not None:
        reward.head_unit_id = session.get_one(Employee, reward.employee_id).unit_id
    session.flush()


@guard("both_agreed")
def both_agreed(step: Step) -> Iterable[Problem]:
    """A reward is granted when the department and the board agree."""
    for name, text in (
        ("department_agreed", _("The department has not agreed yet.")),
        ("board_agreed", _("The board has not agreed yet.")),
    ):
        if not step.get(name):
            yield Problem(text, name, "both_agreed", step.move.clause)


@effect("tell_rewarded")
def tell_rewarded(moved: Moved) -> None:
    """The person learns of a reward, and sees it from now on."""
    reward: Any = moved.record
    if reward.employee_id is None:
        return
    call_in("reward", reward.id, reward.employee_id)
    clause = moved.move.clause if moved.move else ""
    said, url = {"number": reward.reward_no or ""}, f"/reward/{reward.id}"
    notifications.notify(f"reward.granted:{reward.id}", [reward.employee_id], REWARDED, said, url, clause)
