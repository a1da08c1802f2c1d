"""What sales say of a customer: standing, and the window that counts."""

from __future__ import annotations

import datetime as dt

import pytest

from app.areas.loyalty.calc import Bought, months_before, standing

DAY = dt.date(2025, 9, 30)


@pytest.mark.parametrize(
    ("count", "last", "wanted"),
    [
        (0, None, "prospect"), (1, "2025-09-30", "new"), (2, "2025-09-30", "active"), (1, "2025-03-31", "new"),
        (2, "2025-03-30", "silent"), (2, "2024-10-01", "silent"), (2, "2024-09-30", "lost"),
    ],
)  # fmt: skip
def test_standing_follows_the_latest_purchase(count, last, wanted):
    bought = Bought(count, last=dt.date.fromisoformat(last) if last else None)
    assert standing(bought, DAY, 6, 12) == wanted


@pytest.mark.parametrize(
    ("day", "months", "wanted"),
    [("2025-09-30", 12, "2024-09-30"), ("2025-03-31", 1, "2025-02-28"), ("2024-03-31", 1, "2024-02-29"),
     ("2025-01-15", 1, "2024-12-15"), ("2024-02-29", 12, "2023-02-28")],
)  # fmt: skip
def test_so_many_months_before(day, months, wanted):
    assert months_before(dt.date.fromisoformat(day), months).isoformat() == wanted
