"""How a conduct check is counted: the items are those of the policy, the person is who received the complaint."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from app.areas.complaints import operations as complaints
from app.core import access, clock
from app.core.errors import Problem
from app.core.saving import Draft, before_create, check
from app.core.whole import Whole
from app.engines.policy import operations as policy

STAGE = "stage"
"""A policy that does not use it counts in another way."""


def items_of(record: Any, stage: str) -> int:
    """How many items of conduct the policy names for a stage."""
    conduct = policy.pack_for(record.pack_version_id).conduct
    return sum(1 for key in conduct if key.startswith(f"{stage}_"))


@check("conduct_check")
def check_adds_up(draft: Draft) -> Iterable[Problem]:
    """Somebody else checks; not more items are kept than there are; what was not kept is said."""
    if STAGE not in draft.whole.fields:
        return
    record: Any = draft.whole.record
    asked, kept = items_of(record, draft.get("stage") or ""), draft.get("items_kept") or 0
    case = complaints.complaint_of(draft.get("complaint_id"))
    if case is None:
        yield Problem(_("Name the complaint."), "complaint_id", "required", "3.4")
    elif case.received_by_id == access.current().employee_id:
        text = _("You received this complaint yourself; somebody else checks it.")
        yield Problem(text, "complaint_id", "separation_of_duties", "3.4")
    if kept > asked:
        text = _("The policy names %(asked)s items for this stage.", asked=asked)
        yield Problem(text, "items_kept", "not_above", "3.4")
    elif kept < asked and not draft.get("broken"):
        yield Problem(_("Say which items were not kept."), "broken", "required", "3.4")
    if (day := draft.get("checked_on")) and day > clock.today():
        yield Problem(_("This day lies in the future."), "checked_on", "not_future", "3.4")


@before_create("conduct_check")
def scored(whole: Whole) -> None:
    """The score is the part of the items that was kept."""
    if STAGE not in whole.fields:
        return
    record: Any = whole.record
    asked = items_of(record, whole.get("stage"))
    case = complaints.complaint_of(whole.get("complaint_id"))
    whole.update({
        "items_asked": asked, "person_id": case.received_by_id if case else None,
        "checked_by_id": access.current().employee_id,
        "score": (Decimal(whole.get("items_kept")) * 100 / asked).quantize(Decimal("0.1")) if asked else None,
    })  # fmt: skip
