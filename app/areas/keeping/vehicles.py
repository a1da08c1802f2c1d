"""When a customer's vehicle is to be serviced next: the earlier of interval and expected mileage."""

from __future__ import annotations

import datetime as dt
from typing import Any

from app.areas.keeping.policies import settings_with
from app.core import clock
from app.core.db import session
from app.core.ripples import after_change

CALCULATION, INTERVAL = "next_service", "service_interval_days"


@after_change("customer_asset")
def next_service_follows(row: Any) -> None:
    """The latest service and the interval give the day; an earlier one, by the mileage, stays as it was typed."""
    if row.id is None or row.last_service_on is None:
        return
    if row.service_interval_days is None:
        settings = settings_with(row.unit_id, "calculations", CALCULATION, clock.today())
        if settings is None:
            return
        row.service_interval_days = int(settings.value(INTERVAL))
    derived = row.last_service_on + dt.timedelta(days=row.service_interval_days)
    if row.next_service_on is None or not row.last_service_on < row.next_service_on < derived:
        row.next_service_on = derived
    session.flush()
