"""The desk of returned goods, and how much an order may come short."""

from __future__ import annotations

import pytest

from tests.scenarios.papers import MANAGER, Papers, at


@pytest.fixture
def desk(sign_in) -> Papers:
    with at("2025-09-01 09:00"):
        return Papers(sign_in)


def tolerance(desk, percent: str, order: str | None = None, since: str = "2025-09-01") -> None:
    customer = next(iter(desk.customers.values()))
    desk.add(MANAGER, "return_tolerance", customer_id=customer, order_no=order, ratio_percent=percent, valid_from=since)
