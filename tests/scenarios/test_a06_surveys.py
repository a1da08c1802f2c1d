"""A06, what customers say: a form for each round of a case, and surveys that lead to complaints."""

from __future__ import annotations

import pytest

from tests.scenarios import seats
from tests.scenarios.a06_desk import FIELD_HEAD, OFFICE, QUALITY, TECH, Station, at

POLICY = "A06"


@pytest.fixture
def station(sign_in, portal) -> Station:
    """The station at work since the first of September 2025."""
    with at("2025-09-01 09:00"):
        return Station(sign_in, portal)


def test_a_survey_finds_a_complaint_and_each_round_has_its_feedback(station):
    """2.1.3, 3.3, 4: the survey goes on as a complaint of the general office; each answer of the customer is kept."""
    with at("2025-09-16 09:00"):
        office = station.as_(OFFICE)
        told = {"customer_id": station.customers[0], "respondent": "邢磊", "surveyed_on": "2025-09-15", "score": "62"}
        ahead = office.call("POST", "survey_response/", 422, **told | {"surveyed_on": "2025-09-17"})
        assert [error["field"] for error in ahead["errors"]] == ["surveyed_on"]
        found = office.call("POST", "survey_response/", 201, **told)
        assert (found["response_no"], found["status"]) == ("FK-2025-0001", "recorded")
        without = station.step(OFFICE, "survey_response", found["id"], "complain", 422)
        assert [error["field"] for error in without["errors"]] == ["comments"]
        gone = station.step(OFFICE, "survey_response", found["id"], "complain", comments="采样人员迟到，未提前告知")
        case = gone["became_id"]
        unit = seats.unit_id(station.portal, "HJ-XC")
        more = {"channel": "other", "responsible_unit_id": unit, "complainant_phone": "13951310001"}
        office.call("PUT", f"complaint/{case}", **more)
        assert office.move(case, "receive_office")["source"] == "satisfaction_survey"
        result = {"cause": "排班", "measures": "提前一日告知", "handling_result": "致歉", "founded": True,
                  "nonconforming": False, "economic_loss": False}  # fmt: skip
        office.move(case, "resolve_office", **result)
        station.answered(case, OFFICE, "notify")
        office.move(case, "take_feedback", customer_accepts=False, feedback="希望书面道歉")
        office.move(case, "investigate_again")
        station.step(FIELD_HEAD, "complaint", case, "resolve", **result)
        station.answered(case, TECH, "notify")
        office.move(case, "take_feedback", customer_accepts=True)
        forms = [(row["round"], row["satisfied"], row["surveyed_on"], row["status"])
                 for row in station.lines("survey_response", case)]  # fmt: skip
        assert forms == [(1, False, "2025-09-16", "kept"), (2, True, "2025-09-16", "kept")]
        assert station.lines("survey_response", case, QUALITY)[0]["response_no"] == "FK-2025-0002"
        assert office.move(case, "close")["status"] == "closed"
