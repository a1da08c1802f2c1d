"""What every entry of the contact log must obey."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _

from app.core import clock
from app.core.errors import Problem
from app.core.saving import Draft, check


@check("contact_log")
def contact_has_happened(draft: Draft) -> Iterable[Problem]:
    """A contact is logged once it was made; being called back lies after it."""
    at, back = draft.get("contacted_at"), draft.get("callback_due_at")
    if at is not None and at > clock.now():
        yield Problem(_("The contact lies in the future."), "contacted_at", "not_future")
    if at is not None and back is not None and back < at:
        yield Problem(_("The time to call back lies before the contact."), "callback_due_at", "not_before")
