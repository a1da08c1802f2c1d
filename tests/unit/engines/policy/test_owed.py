"""What packs say of periods: rows that are owed, reminders, rows opened by tasks, and choices that a policy knows."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from app.engines.policy import checking
from app.engines.policy.versions import FOLDER
from app.packs import schema
from tests.company import portal

__all__ = ["portal"]


@pytest.fixture
def content(portal) -> dict[str, Any]:
    """The content of D01, to be changed at will."""
    with portal.app_context():
        return copy.deepcopy(dict(schema.parse((FOLDER / "D01.yaml").read_text(encoding="utf-8"))))


def built(content: dict[str, Any]) -> set[str]:
    """The paths of what is wrong with a content by itself."""
    try:
        schema.build(content)
    except schema.PackError as error:
        return {fault.path for fault in error.faults}
    return set()


def test_what_is_owed_is_written_whole(content):
    """Nothing is owed without saying until when a row stands; a reminder names whom it tells."""
    report = content["reports"]["officer_visits"]
    del report["shows"]["until"]
    content["reports"]["manager_visits"]["keep"]["reminded"] = []
    content["tasks"]["symposium"]["report"] = "yearly_review"
    assert {"reports.officer_visits.shows", "reports.manager_visits.keep", "tasks.symposium"} <= built(content)


def test_a_time_of_day_ends_days_only(content):
    """Two ends of a limit contradict each other."""
    content["clocks"]["report"]["allowances"][0] |= {"at": "08:00", "to_the_minute": "yes"}
    content["clocks"]["publish_suggestion"]["allowances"][0]["at"] = "8 o'clock"
    found = built(content)
    assert "clocks.report.allowances.0" in found
    assert "clocks.publish_suggestion.allowances.0.at" in found


def test_what_is_owed_fits_the_program(portal, content):
    """The rows on both sides, the fields of an opened row and the choices exist."""
    owed = content["reports"]["officer_visits"]["shows"]["lacks"]
    content["reports"]["manager_visits"]["shows"]["lacks"]["register"] = "nowhere"
    owed |= {"by": "complaint_id"}
    content["tasks"]["symposium"]["opens"] |= {"period_field": "held_at", "until_field": "place"}
    content["tasks"]["annual_plan"]["opens"]["register"] = "household"
    content["cases"]["notice"]["offers"]["kind"] = ["rumour"]
    with portal.app_context():
        found = {fault.path for fault in checking.misfits(schema.build(content))}
    assert found == {
        "reports.officer_visits.shows.lacks", "reports.manager_visits.shows.lacks", "tasks.symposium.opens",
        "tasks.annual_plan.opens", "cases.notice.offers",
    }  # fmt: skip
