"""A01: privacy complaints (第12条), tip-offs (第49条) and hazards (第27条, 第33条), with every limit worked out."""

from __future__ import annotations

import pytest

from tests.scenarios.a11_desk import COLLEAGUE, DEPUTY, INSPECTOR, LEAD, OFFICER, OWNER, REGULATOR, SECOND, Post, rules
from tests.scenarios.desk import at, sweep

POLICY = "A01"
ENDS = "T23:59:59+08:00"
DAY = "2025-09-29 10:00"
ANSWER = {"finding": "面单未及时屏蔽", "reply": "已整改并致歉"}


@pytest.fixture
def post(sign_in) -> Post:
    """The enterprise and its regulator at work since the first of September 2025."""
    with at("2025-09-01 09:00"):
        return Post(sign_in)


def late(post: Post, who: str, slug: str = "complaint") -> set[int]:
    """The rows that the red list shows to somebody."""
    return {row["id"] for row in post.as_(who).call("GET", f"{slug}/?clock=late&size=100")["result"]}


def investigated(post: Post, case: int) -> int:
    """A complaint in the hands of the officer."""
    post.step(OFFICER, case, "investigate", handler_id=post.people["贝思琪"])
    return case


def test_a01_complaint_within_seven_days(portal, post):
    """第12条 received 29 Sep 2025: by 6 Oct, in the middle of the holiday, which moves nothing."""
    with at(DAY):
        done, missed = (investigated(post, post.received()) for _ in range(2))
        assert post.clocks(OFFICER, done)["privacy_complaint_reply"]["due_at"] == "2025-10-06" + ENDS
    with at("2025-10-06 23:59:59"):
        post.step(OFFICER, done, "reply", **ANSWER)
        assert post.clocks(OFFICER, done)["privacy_complaint_reply"]["status"] == "met"
        assert post.step(OFFICER, done, "close")["status"] == "closed"
    for when, found in (("2025-10-06 23:59:58", set()), ("2025-10-07 00:00:00", {missed})):
        sweep(portal, "deadlines.due", when)
        with at(when):
            assert late(post, LEAD) == found
            assert bool(found) == ("信息安全投诉答复期限" in post.as_(LEAD).client.get("/notices/").text)


def test_a01_tip_off_within_fifteen_working_days(portal, post):
    """第49条 received 29 Sep 2025: 30 Sep is day 1, 9 Oct day 2, the make-up Saturday day 4, 27 Oct day 15."""
    with at(DAY):
        done, missed = post.tip(), post.tip()
        for case in (done, missed):
            post.step(INSPECTOR, case, "take_up", handler_id=post.people["邢正"])
        assert post.clocks(INSPECTOR, done)["tip_off_handling"]["due_at"] == "2025-10-27" + ENDS
    with at("2025-10-27 23:59:59"):
        post.step(INSPECTOR, done, "finish", finding="属实", result="责令改正")
        assert post.clocks(INSPECTOR, done)["tip_off_handling"]["status"] == "met"
    for when, found in (("2025-10-27 23:59:58", set()), ("2025-10-28 00:00:00", {missed})):
        sweep(portal, "deadlines.due", when)
        with at(when):
            assert late(post, REGULATOR) == found


@pytest.mark.parametrize(
    ("source", "clock", "due", "too_late"),
    [("monitoring", "hazard_fix", "2025-10-20", "2025-10-21"),
     ("internal_audit", "audit_finding_fix", "2025-10-29", "2025-10-30")],
)  # fmt: skip
def test_a01_hazards(portal, post, source, clock, due, too_late):
    """第27条 ten working days, 第33条 thirty calendar days after an audit, or the earlier day that was set."""
    with at(DAY):
        keys = [post.hazard(hazard_source=source)["id"] for _ in range(2)]
        early = post.hazard(hazard_source=source, due_on="2025-10-10")["id"]
        for key in (*keys, early):
            post.step(LEAD, key, "raise", slug="corrective_action")
        assert post.clocks(LEAD, keys[0], "corrective_action")[clock]["due_at"] == due + ENDS
        assert post.clocks(LEAD, early, "corrective_action")[clock]["due_at"] == "2025-10-10" + ENDS
    with at(f"{due} 23:59:59"):
        post.step(OWNER, keys[0], "fix", slug="corrective_action", progress="已设柜", done_on=due)
        assert post.clocks(LEAD, keys[0], "corrective_action")[clock]["status"] == "met"
    for when, found in ((f"{due} 23:59:58", {early}), (f"{too_late} 00:00:00", {early, keys[1]})):
        sweep(portal, "deadlines.due", when)
        with at(when):
            assert late(post, LEAD, "corrective_action") == found


def test_a01_in_the_order_of_the_clauses(portal, post):
    """第12条 a complaint to its end, 第27条 a hazard that its owner does not verify, 第49条 a tip-off."""
    with at("2025-10-09 09:00"):
        refused = post.add(OFFICER, "complaint", 422, title="甲", matter="privacy_complaint", signing="anonymous")
        assert rules(refused) == {("signing", "complainant_known")}
        case = post.received(name=None)
        shown = post.get(OFFICER, "complaint", case)
        assert (shown["status"], shown["case_no"]) == ("open", "XXTS-2025-0001")
        unknown = post.step(OFFICER, case, "investigate", 422, handler_id=post.people["贝思琪"])
        assert rules(unknown) == {("signing", "identity_kept")}
        post.told(OFFICER, case, "沙女士")
        investigated(post, case)
        assert rules(post.step(OFFICER, case, "reply", 422, finding="已查明")) == {("reply", "required")}
        post.step(OFFICER, case, "reply", **ANSWER)
        assert post.step(OFFICER, case, "close")["closed_at"]
        hazard = post.hazard(responsible_id=post.people["乐怀瑾"])["id"]
        assert post.step(LEAD, hazard, "raise", slug="corrective_action")["action_no"] == "YH-2025-0001"
        post.step(OWNER, hazard, "fix", slug="corrective_action", progress="已设柜", done_on="2025-10-09")
        post.step(LEAD, hazard, "verify", 403, slug="corrective_action")
        assert post.step(DEPUTY, hazard, "verify", slug="corrective_action")["status"] == "verified"
        assert post.as_(LEAD).client.get("/reports/A01.open_hazards").status_code == 200
        tip = post.tip(name=None, signing="anonymous")
        assert post.get(INSPECTOR, "complaint", tip)["case_no"] == "XXJB-2025-0001"
        post.step(OFFICER, tip, "take_up", 404, handler_id=post.people["贝思琪"])
        post.step(INSPECTOR, tip, "take_up", handler_id=post.people["邢正"])
        assert post.step(INSPECTOR, tip, "finish", finding="属实", result="责令改正")["status"] == "closed"


def test_a01_only_the_case_officer_sees_who_told(portal, post):
    """第49条, 第51条: colleagues, head and enterprise see no name; a named unit never learns of the case."""
    with at(DAY):
        tip = post.tip(accused="操作中心", accused_outside=False, accused_unit_id=post.units["YZ-CZ"])
        post.step(INSPECTOR, tip, "take_up", handler_id=post.people["邢正"])
        assert post.look(INSPECTOR, tip) == "终某"
        assert [post.look(who, tip) for who in (COLLEAGUE, REGULATOR, OFFICER, LEAD)] == [None] * 4
        post.get(OWNER, "complaint", tip, 404)
        case = post.received()
        post.step(OFFICER, case, "investigate", handler_id=post.people["言旭"])
        assert (post.look(OFFICER, case), post.look(SECOND, case)) == (None, "沙女士")
