"""Words for what packs and coverage name by a key: functions, figures, kinds of items, pieces of work, states."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core import clock
from app.core.wording import listed
from app.engines.policy.coverage import STATES, Coverage, State, coverages
from app.engines.policy.models import APPROVED, DRAFT, PackVersion
from app.screens.policy_names import NAMED

KINDS: Mapping[str, Any] = {
    "register": _l("Registers"), "deadline": _l("Time limits"), "approval": _l("Approvals"), "tier": _l("Classes"),
    "limit": _l("Ceilings"), "calculation": _l("Calculations"), "prohibition": _l("Prohibitions"),
    "permission": _l("Permissions"), "report": _l("Statistics"),
}
WORK: Mapping[str, Any] = {
    "complaints": _l("Complaints"), "consequences": _l("Consequences"), "credit": _l("Credit"),
    "customers": _l("Customers"), "foundation": _l("Foundation"), "futures": _l("Futures"),
    "governance": _l("Governance"), "heating": _l("Heating"), "membership": _l("Membership"),
    "privacy": _l("Data protection"), "procurement": _l("Procurement"), "property": _l("Property"),
    "retail": _l("Retail"), "security_posts": _l("Guarding"), "service": _l("Service"), "staff": _l("Staff"),
    "tiering": _l("Classes"), "visits": _l("Visits"),
}
FEW = 3
TONES = {State.RUNS: "ok", State.PARTLY: "info", State.NOT_YET: "mute"}


def named(key: str) -> Any:
    """What a function or a figure means; an unknown one goes by its key."""
    return NAMED.get(key, key.replace("_", " "))


def work(issue: str) -> str:
    """A piece of work that is still to be done."""
    return str(WORK.get(issue, issue))


def program_state(state: State) -> dict[str, Any]:
    """The badge that says whether the program works by a policy."""
    return {"tone": TONES[state], "label": STATES[state]}


def version_state(version: PackVersion, in_force: PackVersion | None, day: dt.date | None = None) -> dict[str, Any]:
    """The badge of a version: in force, later, superseded, draft or given up."""
    if version.status == DRAFT:
        return {"tone": "warn", "label": _("Draft")}
    if version.status != APPROVED:
        return {"tone": "mute", "label": _("Retired")}
    if in_force is not None and in_force.id == version.id:
        return {"tone": "ok", "label": _("In force")}
    if version.effective_from > (day or clock.today()):
        return {"tone": "info", "label": _("Later")}
    return {"tone": "mute", "label": _("Superseded")}


def done(coverage: Coverage) -> str:
    """How many of the things that a policy asks for have their home."""
    if coverage.same_as:
        return _("as %(code)s", code=coverage.same_as)
    return f"{len(coverage.items) - len(coverage.missing)} / {len(coverage.items)}"


def missing(coverage: Coverage, most: int | None = None) -> str:
    """What is missing, by the work that will bring it; with ``most`` only the largest parts."""
    known = coverages()[coverage.same_as] if coverage.same_as else coverage
    parts = [f"{work(issue)} {count}" for issue, count in known.missing_by_issue.items()]
    more = [_("%(count)s more", count=len(parts) - most)] if most is not None and len(parts) > most else []
    return listed([*parts[:most], *more])
