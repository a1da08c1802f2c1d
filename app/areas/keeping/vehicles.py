"""When a customer's vehicle is to be serviced next: the earlier of interval and expected mileage."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _

from app.areas.keeping.policies import settings_with
from app.core import clock
from app.core.db import session
from app.core.errors import Problem
from app.core.ripples import after_change
from app.core.saving import Draft, check

CALCULATION, INTERVAL = "next_service", "service_interval_days"


@check("customer_asset")
def typed_day_fits(draft: Draft) -> Iterable[Problem]:
    """A day typed by hand lies after the latest service and no later than the interval says."""
    typed, last = draft.values.get("next_service_on"), draft.get("last_service_on")
    if typed is None or last is None or typed == draft.whole.get("next_service_on"):
        return
    days = _interval(draft.get("unit_id"), draft.get("service_interval_days"))
    if typed <= last:
        yield Problem(_("The next service lies after the latest one."), "next_service_on", "not_before")
    elif days is not None and typed > (latest := last + dt.timedelta(days=days)):
        text = _("By the interval the next service is due on %(day)s at the latest.", day=latest.isoformat())
        yield Problem(text, "next_service_on", "interval")


@after_change("customer_asset")
def next_service_follows(row: Any) -> None:
    """The latest service and the interval give the day; an earlier one, by the mileage, stays as it was typed."""
    if row.id is None or row.last_service_on is None:
        return
    if (days := _interval(row.unit_id, row.service_interval_days)) is None:
        return
    row.service_interval_days = days
    derived = row.last_service_on + dt.timedelta(days=days)
    if row.next_service_on is None or not row.last_service_on < row.next_service_on < derived:
        row.next_service_on = derived
    session.flush()


def _interval(unit_id: int | None, own: int | None) -> int | None:
    """Days between two services: the vehicle's own, else the policy's; ``None`` where no policy says."""
    if own is not None or unit_id is None:
        return own
    settings = settings_with(unit_id, "calculations", CALCULATION, clock.today())
    return None if settings is None else int(settings.value(INTERVAL))
