"""The payroll at work, and the rules that an answer names."""

from __future__ import annotations

import pytest

from tests.scenarios.desk import at
from tests.scenarios.payroll import Payroll


@pytest.fixture
def desk(sign_in) -> Payroll:
    with at("2025-09-01 09:00"):
        return Payroll(sign_in)


def rules(answer):
    return {(error["field"], error["rule"]) for error in answer["errors"]}
