"""What prints show of decisions: who said what in which post, with name and time."""

from __future__ import annotations

from typing import Any

from app.core import values
from app.engines.approvals.opening import latest, steps_of
from app.engines.approvals.telling import post_words
from app.engines.policy import operations as policy


def signatures(record: Any) -> list[dict[str, Any]]:
    """What every decided step of the record's approvals said, with name and time; open ones leave room to sign."""
    routes = policy.pack_for(record.pack_version_id).approvals.values()
    found = []
    for route in (route for route in routes if route.register_ == record.__tablename__):
        request = latest(record, route.key)
        steps = steps_of(request) if request else []
        names = values.names_of(("employee", step.decided_by_id) for step in steps)
        for step in steps:
            when = values.short(step.decided_at) if step.decided_at else ""
            found.append({"role": f"{route.subject} {post_words(step.decided_as or step.post)}", "when": when,
                          "text": step.comment or "", "name": names.get(("employee", step.decided_by_id or 0), "")})
    return found
