"""What the scenarios of consequences share: losses of each kind, the desk, and the rules that an answer names."""

from __future__ import annotations

import pytest

from tests.scenarios.consequences import Follow, at

LOSSES = (
    {"kind": "claim", "actual_amount": "12000.00"},
    {"kind": "discount", "actual_amount": "3500.00"},
    {"kind": "return", "quantity": 500, "unit_price": "86.00"},
    {"kind": "resend", "quantity": 40, "unit_price": "120.00"},
    {"kind": "rework", "processing_cost": "2300.00", "freight": "450.00"},
)


@pytest.fixture
def desk(sign_in) -> Follow:
    with at("2025-09-01 09:00"):
        return Follow(sign_in)


def rules(answer):
    return {(error["field"], error["rule"]) for error in answer["errors"]}
