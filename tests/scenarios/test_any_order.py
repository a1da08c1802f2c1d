"""Every policy: whatever people do in whatever order, a case stays somebody's, and no clock is forgotten."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from app.engines.policy import versions
from app.packs import schema
from tests.scenarios.any_order import AnyOrder
from tests.small import DATABASES

QUICK = settings(
    max_examples=1, stateful_step_count=20, deadline=None, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck), phases=(Phase.generate,), report_multiple_bugs=False,
)  # fmt: skip
THOROUGH = settings(QUICK, max_examples=30, stateful_step_count=40, derandomize=False, print_blob=True)


def _policies() -> list[str]:
    packs = [schema.build(schema.parse(file.read_text(encoding="utf-8"))) for file in versions.pack_files()]
    return sorted({pack.code for pack in packs if "complaint" in pack.cases})


POLICIES = _policies()


@pytest.mark.parametrize("policy", POLICIES)
def test_no_order_loses_a_case_or_a_clock(companies, policy):
    run_state_machine_as_test(lambda: AnyOrder(companies("sqlite", policy), policy), settings=QUICK)


@pytest.mark.slow
@pytest.mark.parametrize("kind", DATABASES)
@pytest.mark.parametrize("policy", POLICIES)
def test_no_order_loses_a_case_or_a_clock_in_many_tries(companies, kind, policy):
    run_state_machine_as_test(lambda: AnyOrder(companies(kind, policy), policy), settings=THOROUGH)
