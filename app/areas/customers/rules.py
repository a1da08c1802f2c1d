"""What every entry of the contact log must obey."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _

from app.core import clock
from app.core.errors import Problem
from app.core.saving import Draft, before_create, check
from app.core.whole import Whole

HANDED_CALL, CALL = "handed_call", "第11条(二)"
PASSED_ON = "4.1A"


@check("contact_log")
def contact_has_happened(draft: Draft) -> Iterable[Problem]:
    """A contact is logged once it was made; being called back lies after it."""
    at, back = draft.get("contacted_at"), draft.get("callback_due_at")
    if at is not None and at > clock.now():
        yield Problem(_("The contact lies in the future."), "contacted_at", "not_future")
    if at is not None and back is not None and back < at:
        yield Problem(_("The time to call back lies before the contact."), "callback_due_at", "not_before")


@check("contact_log")
def handed_call_is_complete(draft: Draft) -> Iterable[Problem]:
    """A hotline call that a customer passed over is verified first, answered, and ends with a result or as a case."""
    if draft.get("means") != HANDED_CALL:
        return
    if not draft.get("identity_verified"):
        yield Problem(_("Verify first that it is the hotline."), "identity_verified", "required", CALL)
    for name in ("agent_no", "answer", "joint_result", "end_reason"):
        if not draft.get(name):
            label = draft.whole.fields[name].label
            yield Problem(_("“%(field)s” is needed for a call of the hotline.", field=label), name, "required", CALL)
    if draft.get("end_reason") == "continued_as_case" and draft.get("complaint_id") is None:
        yield Problem(_("Name the case that the call continues as."), "complaint_id", "required", CALL)


@check("contact_log")
def question_goes_on(draft: Draft) -> Iterable[Problem]:
    """A question that was not answered at once is passed on to somebody."""
    if draft.get("answered_directly") is False and not draft.get("transferred_to"):
        text = _("The question was not answered at once: name the department that it was passed on to.")
        yield Problem(text, "transferred_to", "required", PASSED_ON)


@before_create("contact_log")
def passed_on_now(whole: Whole) -> None:
    """A call is passed on when it is written down, unless another time is said."""
    if whole.get("transferred_to") and whole.get("transferred_at") is None:
        whole.update({"transferred_at": clock.now().replace(microsecond=0)})
