"""How a technique check is counted: each technique has points up to the policy's most, the total is their sum."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from app.areas.staff.check_technique import SCORES
from app.core import access, clock
from app.core.errors import Problem
from app.core.saving import Draft, before_create, check
from app.core.whole import Whole
from app.engines.calculating import operations as calculating
from app.engines.limits import operations as limits

TOTAL, BEST, POINTS = "technique_total", "technique_best", "technique_points"


@check("check_technique")
def scores_fit(draft: Draft) -> Iterable[Problem]:
    """Nobody scores himself, no technique has more points than the policy gives, and no day lies ahead."""
    record: Any = draft.whole.record
    if draft.get("agent_id") is not None and draft.get("agent_id") == access.current().employee_id:
        text = _("Nobody scores the own technique; somebody else checks.")
        yield Problem(text, "agent_id", "separation_of_duties", "5")
    for name in SCORES:
        if (points := draft.get(name)) is not None:
            yield from limits.broken(limits.measure(record, POINTS, Decimal(points)), name)
    if (day := draft.get("checked_on")) and day > clock.today():
        yield Problem(_("This day lies in the future."), "checked_on", "not_future", "5")


@before_create("conduct_check")
def summed_up(whole: Whole) -> None:
    """The total is kept as points beside the most that there are."""
    if "score_a" not in whole.fields:
        return
    record: Any = whole.record
    given = {name: whole.get(name) for name in SCORES}
    total = calculating.amount_of(record, TOTAL, given).amount
    best = calculating.amount_of(record, BEST, {}).amount
    whole.update({
        "total": int(total), "best": int(best), "items_kept": int(total), "items_asked": int(best),
        "person_id": whole.get("agent_id"), "checked_by_id": access.current().employee_id,
        "score": (total * 100 / best).quantize(Decimal("0.1")) if best else None,
    })  # fmt: skip
