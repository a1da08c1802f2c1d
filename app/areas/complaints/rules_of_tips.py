"""What every save of the registers of tip-offs must obey."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _

from app.areas.complaints.complaint import Complaint
from app.core import access, clock
from app.core.db import session
from app.core.errors import Problem
from app.core.saving import Draft, check
from app.engines.shielding import sealing


@check("informant_identity")
def identity_by_whom_it_is_told(draft: Draft) -> Iterable[Problem]:
    """An identity is written by whoever may see it: the one who received the case, or the supervisor."""
    case = session.get(Complaint, draft.get("complaint_id") or 0)
    if case is None or draft.whole.record.id is not None:
        return
    if not sealing.may_see(draft.whole.register, case, access.current()):
        text = _("The identity is written by whoever received the case, while it is there.")
        yield Problem(text, "complaint_id", "post", "第六条; 第十九条")


@check("feedback_intake")
@check("supervision_check")
def received_in_the_past(draft: Draft) -> Iterable[Problem]:
    """What came in, or was opened, did so before now."""
    for name in ("received_at", "checked_at", "original_unit_contacted_at"):
        at = draft.get(name) if name in draft.whole.fields else None
        if at and at > clock.now():
            label = draft.whole.fields[name].label
            yield Problem(_("%(field)s lies in the future.", field=label), name, "not_future", "第六条")


@check("complaint_tip")
def happened_in_the_past(draft: Draft) -> Iterable[Problem]:
    """What is told of has happened."""
    if (at := draft.get("occurred_at")) and at > clock.now():
        label = draft.whole.fields["occurred_at"].label
        yield Problem(_("%(field)s lies in the future.", field=label), "occurred_at", "not_future", "第六条（三）2")
