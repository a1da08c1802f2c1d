"""The inbox: several decisions at once, what stands beside one, and lines that are narrowed."""

from __future__ import annotations

import re

from app.areas.complaints.complaint import Complaint
from app.core.db import session
from tests.portal import enter, portal, row_id
from tests.unit.screens.inbox_office import office, page, status_of

__all__ = ["office", "portal"]


def several(client, steps, **typed):
    answer = client.post("/approvals/several?_l_=en", data={"step": [str(step) for step in steps]} | typed)
    return answer.status_code, answer.get_data(as_text=True)


def test_several_at_once_are_previewed_and_lack_is_filled_in_once(office):
    with office.app_context():
        session.query(Complaint).filter_by(case_no="251008").one().decision = "已议"
        session.commit()
    client, both = enter(office, "manager"), list(office.steps.values())
    assert page(client, "/approvals/several").count('type="checkbox" name="step"') == 2
    _code, preview = several(client, both)
    versions = dict(re.findall(r'name="(version_\d+)" value="(\d+)"', preview))
    assert (len(versions), "148,000.00" in preview, 'name="g0__decision"' in preview) == (2, True, True)
    code, text = several(client, both, confirmed="yes", g0__founded="true", **versions)
    assert (code, "is needed for" in text, status_of(office, "251008")) == (422, True, "pending_decision")
    code, _text = several(client, both, confirmed="yes", g0__decision="一并赔付", g0__founded="true", **versions)
    assert (code, status_of(office, "251007"), status_of(office, "251008")) == (302, "decided", "decided")
    with office.app_context():
        decided = {row.case_no: row.decision for row in session.query(Complaint)}
    assert (decided["251007"], decided["251008"]) == ("一并赔付", "已议"), "what a case has already stays"


def test_of_several_the_one_that_changed_meanwhile_is_left(office):
    client, both = enter(office, "manager"), list(office.steps.values())
    _code, preview = several(client, both)
    versions = dict(re.findall(r'name="(version_\d+)" value="(\d+)"', preview))
    with office.app_context():
        session.query(Complaint).filter_by(case_no="251007").one().title = "改过"
        session.commit()
    filled = {"g0__decision": "赔付", "g0__founded": "true"}
    code, _text = several(client, both, confirmed="yes", **filled, **versions)
    assert (code, status_of(office, "251007"), status_of(office, "251008")) == (302, "pending_decision", "decided")
    assert several(client, both[:1], confirmed="yes", **filled)[0] == 302
    assert status_of(office, "251007") == "decided"


def test_beside_a_decision_stand_the_customers_earlier_ones(office):
    client, step = enter(office, "manager"), office.steps["251007"]
    client.post(f"/approvals/{step}", data={"action": "approve", "decision": "赔付", "founded": "true"})
    with office.app_context():
        before = row_id(Complaint, case_no="251007")
    text = page(client, f"/approvals/{office.steps['251008']}?_l_=en")
    assert text.count("1 cases, 98,000.00 yuan") == 2, "approved for this customer, and by oneself this month"
    assert f'<a href="/complaint/{before}">251007</a> Approved 98,000.00' in text


def test_lines_are_narrowed_and_an_empty_view_says_why(office):
    client = enter(office, "manager")
    assert 'name="text"' not in page(client, "/approvals/"), "two lines need no search"
    text = page(client, "/approvals/?text=251008&_l_=en")
    assert ("251008" in text, "251007" in text, 'value="251008"' in text) == (True, False, True)
    assert "Nothing matches" in page(client, "/approvals/?text=99&_l_=en")
    assert "You have put nothing forward yet" in page(client, "/approvals/?view=mine&_l_=en")
