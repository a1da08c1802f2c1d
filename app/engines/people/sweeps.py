"""Sign-ins that have ended leave no rows behind."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l

from app.core import logins
from app.engines.sweeps.registry import sweep


@sweep("people.tidy", title=_l("Forget ended sign-ins"), schedule="20 3 * * *")
def tidy(at: dt.datetime) -> dict[str, int]:
    """Delete sessions that have run out and counts of attempts that no longer matter."""
    return {"hit": logins.tidy(at)}
