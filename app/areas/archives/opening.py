"""A closed case goes to the archive: the item that is to be put away, with its retention."""

from __future__ import annotations

import datetime as dt
from typing import Any

from app.areas.archives.archive_item import ArchiveItem
from app.areas.complaints import operations as complaints
from app.core import clock
from app.core.moves import Moved, effect
from app.engines.policy import operations as policy

YEARS = "retention_years"


@effect("open_archive_item")
def open_archive_item(moved: Moved) -> None:
    """Hand the closed file over to the archive, to be kept as long as the policy's setting says."""
    case: Any = moved.record
    day = clock.to_local(moved.at).date()
    pack = policy.pack_for(case.pack_version_id)
    years = policy.settings_for(pack, case.adopter_id, day).value(YEARS) if YEARS in pack.parameters else None
    complaints.open_beside(
        moved, ArchiveItem, moved.post.unit_id if moved.post else case.unit_id, title=case.title,
        category=str(pack.cases[moved.register.slug].label.zh), complaint_id=case.id, reference=case.number,
        handed_by_id=moved.employee_id, handed_on=day, retention_until=_later(day, years) if years else None,
    )  # fmt: skip


def _later(day: dt.date, years: int) -> dt.date:
    """The same day some years later; the last of February where there is no 29th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
