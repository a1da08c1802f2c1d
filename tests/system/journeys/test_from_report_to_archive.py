"""One complaint of 120,000 yuan from its first report until it is closed and its copies are acknowledged."""

from __future__ import annotations

import pytest

from tests.system.journeys import route
from tests.system.journeys.desk import post_label

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_complaint_goes_from_first_report_to_its_copies(office, at):
    at("2025-09-26 14:30")
    rep = route.report(office, claimed_amount="120000.00")
    case = f"/complaint/{rep.case_id}"
    number = route.accept(office)
    assert number == "250901"
