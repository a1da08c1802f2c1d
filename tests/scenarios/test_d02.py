"""The cases of D02: promises kept to the second, solutions in their order, opinions, scores, through HTTP."""

from __future__ import annotations

import pytest

from tests.scenarios.d02_desk import AGENT, SUPERVISOR, Centre, at, rules, stamp, sweep

POLICY = "D02"
OPTIONS = ("上门更换电机", "更换整机", "退货退款")


@pytest.fixture
def centre(sign_in) -> Centre:
    """The company at work since the first of September 2025."""
    with at("2025-09-01 09:00"):
        return Centre(sign_in)


@pytest.mark.parametrize(("answered", "kept"), [("17:00:00", True), ("17:00:01", False)])
def test_d02_1_a_promise_is_kept_to_the_second(centre, portal, answered, kept):
    """D02-1: on the due instant is in time; a second later it is broken, red, and the supervisor knows."""
    with at("2025-10-09 10:00"):
        case = centre.promised("2025-10-09 09:30", "2025-10-09 17:00")
    if not kept:
        sweep(portal, "deadlines.due", "2025-10-09 17:00:01")
        with at("2025-10-09 17:00:01"):
            assert centre.clocks(case)["promised_answer"]["status"] == "breached"
            notes = centre.as_(SUPERVISOR).client.get("/notices/").text
            assert "TS-20251009-001" in notes
    with at(f"2025-10-09 {answered}"):
        centre.as_(AGENT).move(case, "answer", answer_text="已约工程师上门", resolved=False)
        assert centre.clocks(case)["promised_answer"]["status"] == ("met" if kept else "late_met")


def test_d02_2_an_interim_answer_needs_another_promise(centre):
    """D02-2: answered in time though nothing is settled; before anything else another time is promised."""
    with at("2025-10-09 10:00"):
        case = centre.promised("2025-10-09 09:30", "2025-10-09 17:00")
        first = centre.prepared(case, *OPTIONS)[0]
        early = centre.as_(AGENT).move(case, "promise_again", 422, promised_at=stamp("2025-10-10 17:00"))
        assert (None, "when") in rules(early)
    with at("2025-10-09 16:30"):
        centre.as_(AGENT).move(case, "answer", answer_text="尚在查找原因", resolved=False)
        assert centre.clocks(case)["promised_answer"]["status"] == "met"
        assert (None, "promise_pending") in rules(centre.option(first, "offer", 422))
        past = centre.as_(AGENT).move(case, "promise_again", 422, promised_at=stamp("2025-10-09 16:30"))
        assert ("promised_at", "times_ahead") in rules(past)
        centre.as_(AGENT).move(case, "promise_again", promised_at=stamp("2025-10-10 12:00"))
        assert centre.clocks(case)["promised_answer"]["due_at"] == "2025-10-10T12:00:00+08:00"
        assert centre.option(first, "offer")["status"] == "offered"
        words = centre.as_(AGENT).call("GET", f"complaint_step/?complaint_id={case}")["result"]
        assert [row["text"] for row in words] == ["尚在查找原因"]


def test_d02_4_only_what_was_confirmed_is_carried_out(centre):
    """D02-4: the second waits for the objection to the first; the refused one cannot be carried out."""
    with at("2025-10-09 10:00"):
        case = centre.promised("2025-10-09 09:30", "2025-10-09 17:00")
        few = centre.as_(AGENT).move(case, "prepare", 422, option_1="更换电机")
        assert ("few_reason", "solutions_count") in rules(few)
        first, second, third = centre.prepared(case, *OPTIONS)
        assert (None, "offered_in_order") in rules(centre.option(second, "offer", 422))
        centre.option(first, "offer")
        assert centre.seen(case)["status"] == "solving"
        assert (None, "state") in rules(centre.option(first, "execute", 422))
        centre.option(first, "object", objection="不愿再等配件")
        centre.option(second, "offer")
        centre.option(second, "accept")
        assert (None, "state") in rules(centre.option(first, "execute", 422))
        assert centre.option(second, "execute")["status"] == "executed"
        assert centre.seen(case)["status"] == "solved"
        assert centre.as_(AGENT).call("GET", f"complaint_handling/{third}")["status"] == "dropped"


def test_d02_5_one_question_suffices(centre):
    """D02-5: no closing before the customer was asked; a third question is the supervisor's."""
    with at("2025-10-09 10:00"):
        case = centre.noted("2025-10-09 09:30", minor=True)
        centre.as_(AGENT).move(case, "answer_now", answer_text="当场说明并补发", customer_accepts=True)
        assert (None, "state") in rules(centre.as_(SUPERVISOR).move(case, "close", 422))
        row = centre.as_(AGENT).call("GET", f"visit/?complaint_id={case}")["result"][0]
        assert centre.clocks(row["id"], "visit")["follow_up_1"]["due_at"] == "2025-10-12T23:59:59+08:00"
    with at("2025-10-10 10:00"):
        asked = centre.asked(case, "2025-10-10 09:50", next_chance="介绍延保")
        assert (asked["sequence"], centre.seen(case)["status"]) == (1, "followed")
        early = centre.as_(SUPERVISOR).move(case, "ask_beyond", 422, reason="再听一次")
        assert (None, "questions_used") in rules(early)
        centre.as_(AGENT).move(case, "ask_again")
        assert (None, "question_answered") in rules(centre.as_(SUPERVISOR).move(case, "close", 422))
        assert centre.asked(case, "2025-10-10 10:00")["sequence"] == 2
        assert (None, "one_to_two") in rules(centre.as_(AGENT).move(case, "ask_again", 422))
        centre.as_(SUPERVISOR).move(case, "ask_beyond", reason="客户还有话说")
        centre.asked(case, "2025-10-10 10:00", satisfied=False)
        assert centre.as_(SUPERVISOR).move(case, "close")["status"] == "closed"


def test_d02_7_our_own_mistake_is_apologised_for(centre):
    """D02-7: no promise before the apology; nor before the customer confirmed what was repeated."""
    with at("2025-10-09 10:00"):
        case = centre.noted("2025-10-09 09:30", own_fault=True, apologised=False, customer_confirmed=False)
        refused = centre.as_(AGENT).move(case, "promise", 422, promised_at=stamp("2025-10-09 17:00"))
        assert {("apologised", "heard_out"), ("customer_confirmed", "heard_out")} <= rules(refused)
        assert {error["clause"] for error in refused["errors"] if error["field"] == "apologised"} == {"1; 2"}
        told = {"promised_at": stamp("2025-10-09 17:00"), "apologised": True, "customer_confirmed": True}
        assert centre.as_(AGENT).move(case, "promise", **told)["status"] == "promised"


def test_d02_8_seven_techniques_add_up(centre):
    """D02-8: 29 of 35; nobody has more than the most of a technique, and nobody scores himself."""
    scores = dict(zip("abcdefg", (5, 4, 4, 5, 3, 4, 4), strict=True))
    told = {"agent_id": centre.person["赖雯"], "checked_on": "2025-10-09"} | {
        f"score_{key}": points for key, points in scores.items()
    }
    with at("2025-10-09 10:00"):
        many = centre.as_(SUPERVISOR).call("POST", "conduct_check/", 422, **told | {"score_c": 6})
        assert ("score_c", "technique_points") in rules(many)
        own = centre.as_(SUPERVISOR).call("POST", "conduct_check/", 422, **told | {"agent_id": centre.person["应秀兰"]})
        assert ("agent_id", "separation_of_duties") in rules(own)
        done = centre.as_(SUPERVISOR).call("POST", "conduct_check/", 201, **told)
        assert (done["total"], done["best"], done["score"], done["status"]) == (29, 35, "82.9", "recorded")
        centre.as_(AGENT).call("POST", "conduct_check/", 403, **told)
        printed = centre.as_(SUPERVISOR).client.get(f"/conduct_check/{done['id']}/print")
        assert printed.status_code == 200
        assert "29" in printed.text


def test_d02_word_before_the_customer_calls(centre, portal):
    """Two working days without a word list the case; a message from us begins the time anew, a call to us does not."""
    with at("2025-09-26 10:00"):
        case = centre.promised("2025-09-26 09:30", "2025-10-15 17:00")
        assert centre.clocks(case)["proactive_message"]["due_at"] == "2025-09-29T23:59:59+08:00"
    with at("2025-09-29 15:00"):
        for hour, direction, due in (("11", "in", "2025-09-29"), ("14", "out", "2025-10-09")):
            told = {"contacted_at": stamp(f"2025-09-29 {hour}:00"), "direction": direction, "means": "phone",
                    "outcome": "reached", "complaint_id": case, "content": "询问进展"}  # fmt: skip
            centre.as_(AGENT).call("POST", "contact_log/", 201, **told)
            assert centre.clocks(case)["proactive_message"]["due_at"] == f"{due}T23:59:59+08:00"
    sweep(portal, "deadlines.due", "2025-10-10 00:05")
    with at("2025-10-10 09:00"):
        assert "TS-20250926-001" in centre.as_(SUPERVISOR).client.get("/reports/D02.silence?period=2025-10-09").text


def test_d02_chances_and_kept_promises_are_counted(centre, portal):
    """The week's promises by agent and the month's chances are kept by themselves for the supervisor."""
    with at("2025-10-09 10:00"):
        kept = centre.promised("2025-10-09 09:30", "2025-10-09 12:00")
        broken = centre.promised("2025-10-09 09:30", "2025-10-09 12:00")
        centre.as_(AGENT).move(kept, "answer", answer_text="已更换", resolved=True, customer_accepts=True)
        assert centre.seen(kept)["status"] == "solved"
        told = {"customer_id": centre.customers["董凤英"], "complaint_id": kept, "content": "有意加购延保"}
        lead = centre.as_(AGENT).call("POST", "sales_lead/", 201, **told)
        assert (lead["lead_no"], lead["status"]) == ("SJ2025001", "open")
        centre.as_(AGENT).call("POST", f"sales_lead/{lead['id']}/move/win", values={"course": "已签约"})
    with at("2025-10-09 12:30"):
        centre.as_(AGENT).move(broken, "answer", answer_text="仍在查", resolved=False)
    sweep(portal, "reports.keep", "2025-10-13 08:00")
    sweep(portal, "reports.keep", "2025-11-01 08:00")
    with at("2025-11-01 09:00"):
        kept_rows = centre.as_(SUPERVISOR).call("GET", "report_snapshot/?size=100")["result"]
        found = {row["report"]: row for row in kept_rows if row["period_last"] in ("2025-10-12", "2025-10-31")}
        boss = centre.as_(SUPERVISOR).client
        pages = {key: boss.get(f"/report_snapshot/{row['id']}").text for key, row in found.items()}
    assert "赖雯" in pages["D02.promise_performance"]
    assert "50.0" in pages["D02.promise_performance"]
    assert "SJ2025001" not in pages["D02.opportunity_list"]
    assert "成交" in pages["D02.opportunity_list"]
