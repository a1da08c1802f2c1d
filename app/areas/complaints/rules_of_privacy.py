"""What every save of a privacy complaint must obey."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _

from app.areas.complaints.complaint_postal import PRIVACY
from app.core.errors import Problem
from app.core.saving import Draft, check


@check("complaint_postal")
def complainant_is_known(draft: Draft) -> Iterable[Problem]:
    """Whoever complains about his own data is known; who stays unnamed gives a tip-off."""
    if draft.get("matter") == PRIVACY and draft.get("signing") == "anonymous":
        text = _("A privacy complaint names its complainant; whoever stays unnamed gives a tip-off.")
        yield Problem(text, "signing", "complainant_known", "第12条")
