"""The policy that a unit works by, if one of them has what is asked for."""

from __future__ import annotations

import datetime as dt

from app.engines.policy import operations as policy
from app.engines.policy.calc import Settings


def settings_with(unit_id: int, section: str, key: str, day: dt.date) -> Settings | None:
    """The settings of the nearest adopted policy whose pack has an entry ``key`` in a section, such as a tier."""
    for found in policy.adopted(unit_id, day):
        version = policy.current_version(found.policy, day)
        if version is not None and key in getattr(pack := policy.pack_for(version.id), section):
            return policy.settings_for(pack, found.unit_id, day)
    return None
