"""B05: a power utility's complaints and tip-offs, case by case."""

from __future__ import annotations

from tests.scenarios.b05_desk import (
    ARCHIVE,
    CENTRE,
    CONDUCT,
    HANDLER,
    HEAD,
    HOTLINE,
    KEEPER,
    LEADER,
    LETTERS,
    LOWER,
    OWN,
    RELATIVE,
    REPORT,
    ROUTER,
    RURAL,
    RURAL_HANDLER,
    SUPERVISOR,
    TEAM,
    UPPER,
    VISITS,
)  # fmt: skip
from tests.scenarios.desk import at, sweep

POLICY = "B05"

ENDS = "T23:59:59+08:00"
ALL_THREE = {"outside_units": True, "economic_penalty": True, "accountability": True}


def rules(answer: dict) -> list[tuple[str | None, str]]:
    return [(error["field"], error["rule"]) for error in answer["errors"]]


def test_limits_of_five_ten_and_thirty_days(bureau, portal):
    """B05-1: 5 -> 13 Oct, 10 -> 20 Oct, 30 -> 17 Nov, each to the end of its day; late from the next sweep."""
    with at("2025-09-29 10:00"):
        own, lower = bureau.handled(), bureau.at_lower()
        assert bureau.due(own, "handle_own") == "2025-10-13" + ENDS
        bureau.step(OWN, own, "complex_handling", 422, outside_units=True)
        bureau.step(OWN, own, "complex_handling", reason="需向外单位取证", outside_units=True)
        assert bureau.due(own, "handle_own") == "2025-10-20" + ENDS
        assert bureau.due(lower, "handle_lower") == "2025-10-13" + ENDS
        bureau.step(LOWER, lower, "ask_extension", extension_until="2025-11-17", **ALL_THREE)
        assert bureau.due(lower, "handle_lower") == "2025-10-13" + ENDS
        bureau.step(UPPER, lower, "grant_extension")
        assert bureau.due(lower, "handle_lower") == "2025-11-17" + ENDS
    sweep(portal, "deadlines.due", "2025-10-20 23:59")
    with at("2025-10-20 23:59"):
        assert bureau.clocks(own)["handle_own"]["status"] == "running"
    sweep(portal, "deadlines.due", "2025-10-21 00:05")
    with at("2025-10-21 00:06"):
        assert bureau.clocks(own)["handle_own"]["status"] == "breached"
        told = bureau.as_(HEAD).client.get("/notices/?_l_=en").text
        assert "Limit of the handling department" in told


def test_received_at_night_on_a_holiday(bureau):
    """B05-2: accepted at 02:30 on a rest day; the first day that counts is 9 October."""
    with at("2025-10-03 02:30"):
        case = bureau.handled()
        assert bureau.call(ROUTER, "GET", f"complaint/{case}")["accepted_at"] == "2025-10-03T02:30:00+08:00"
        assert bureau.due(case, "handle_own") == "2025-10-14" + ENDS


def test_extension_only_under_its_conditions(bureau):
    """B05-4: all three conditions, the lower level, a higher leader, thirty working days at most."""
    with at("2025-09-29 10:00"):
        lower, own = bureau.at_lower(), bureau.handled()
        missing = bureau.step(LOWER, lower, "ask_extension", 422, extension_until="2025-11-17",
                              **ALL_THREE | {"accountability": False})  # fmt: skip
        assert rules(missing) == [("accountability", "extension_conditions")]
        refused = bureau.step(OWN, own, "ask_extension", 422, extension_until="2025-10-20", **ALL_THREE)
        assert ("extension_until", "lower_level") in rules(refused)
        late = bureau.step(LOWER, lower, "ask_extension", 422, extension_until="2025-11-18", **ALL_THREE)
        assert rules(late) == [("extension_until", "longest")]
        assert late["errors"][0]["clause"] == "第九条"
        bureau.step(LOWER, lower, "ask_extension", extension_until="2025-11-17", **ALL_THREE)
        bureau.step(LOWER, lower, "grant_extension", 403)
        assert bureau.step(UPPER, lower, "grant_extension")["gravity"] == "exceptionally_complex"


def test_each_level_counts_from_its_own_acceptance(bureau):
    """B05-5: the lower level's limit runs from its acceptance; the centre's own stays visible beside it."""
    with at("2025-09-29 10:00"):
        case = bureau.handled()
        bureau.step(OWN, case, "pass_down", handling_unit_id=bureau.units["PB-DQ"])
    with at("2025-10-09 09:00"):
        bureau.step(LOWER, case, "accept_lower", handler_id=bureau.people["杜涛"])
        found = bureau.clocks(case)
        assert found["handle_lower"]["due_at"] == "2025-10-15" + ENDS
        assert found["handle_own"]["due_at"] == "2025-10-13" + ENDS
        assert found["handle_own"]["status"] == "running"


def test_an_interested_officer_stands_aside(bureau):
    """B05-7: the brother of the named engineer is not assigned and sees nothing; another declares and is replaced."""
    with at("2025-09-29 10:00"):
        case = bureau.reviewed(accused="王平", accused_people=[bureau.people["王平"]])
        refused = bureau.assign(case, 422, handler="王凯")
        assert (refused["errors"][0]["rule"], refused["errors"][0]["field"]) == ("recusal", "handler_id")
        bureau.call(RELATIVE, "GET", f"complaint/{case}", 404)
        bureau.assign(case)
        mine = {"kind": "recusal", "complaint_id": case, "person_id": bureau.people["孙涛"], "reason": "有利害关系"}
        told = bureau.call(HANDLER, "POST", "case_disposition/", 201, **mine)["id"]
        bureau.call(HANDLER, "POST", f"case_disposition/{told}/move/put_up")
        body = {"values": {"decision": "同意回避", "replaced_by_id": bureau.people["王凯"]}}
        bureau.call(HEAD, "POST", f"case_disposition/{told}/move/decide", 422, **body)
        body["values"]["replaced_by_id"] = bureau.people["郭琦"]
        kept = bureau.call(HEAD, "POST", f"case_disposition/{told}/move/decide", 200, **body)
        assert (kept["status"], kept["_labels"]["replaced_by_id"]) == ("decided", "郭琦")
        bureau.call(HANDLER, "GET", f"complaint/{case}", 404)
        bureau.call(HANDLER, "GET", f"case_disposition/{told}", 404)
        assert bureau.call(TEAM, "GET", f"complaint/{case}")["handler_id"] == bureau.people["郭琦"]


def test_shelving_and_asking_for_more(bureau):
    """B05-8: only the worthless anonymous letter is shelved, by the head; a signed one is explained first."""
    with at("2025-09-29 10:00"):
        nobody = bureau.reviewed(LETTERS, name=None, channel="letter", signing="anonymous")
        named = bureau.reviewed(LETTERS, name=None, channel="letter", signing="anonymous", accused="王平",
                                accused_people=[bureau.people["王平"]])  # fmt: skip
        signed = bureau.reviewed(LETTERS, channel="letter")
        why = {"shelve_reason": "内容不具体"}
        for case in (nobody, named, signed):
            bureau.call(ROUTER, "PUT", f"complaint/{case}", 200, vague=True, value="worthless")
        bureau.step(ROUTER, nobody, "propose_shelving", **why)
        bureau.step(ROUTER, nobody, "shelve", 403)
        assert bureau.step(LEADER, nobody, "shelve")["status"] == "shelved"
        assert rules(bureau.step(ROUTER, named, "propose_shelving", 422, **why)) == [("accused", "worthless_anonymous")]
        assert ("signing", "worthless_anonymous") in rules(bureau.step(ROUTER, signed, "propose_shelving", 422, **why))
        assert rules(bureau.assign(signed, 422)) == [("value", "worth_handling")]
        bureau.step(ROUTER, signed, "ask_material", 422, material_how="phone")
        bureau.step(ROUTER, signed, "ask_material", material_how="phone", material_explained=True)
        kept = bureau.call(CENTRE, "GET", f"case_disposition/?complaint_id={nobody}")["result"][0]
        assert (kept["status"], kept["_labels"]["decided_by_id"]) == ("shelved", "董梅")
    with at("2025-10-09 09:00"):
        to = {"handling_unit_id": bureau.units["PB-YX"], "handler_id": bureau.people["孙涛"]}
        bureau.step(LEADER, nobody, "reopen", new_material="补交照片", **to)
        assert bureau.due(nobody, "handle_own") == "2025-10-15" + ENDS
        assert bureau.call(CENTRE, "GET", f"case_disposition/{kept['id']}")["status"] == "taken_up"


def test_the_higher_level_orders_more_investigation(bureau):
    """B05-10: with a reason only; five working days from the order; the first report stays in the record."""
    with at("2025-10-09 09:00"):
        case = bureau.at_lower()
        bureau.step(LOWER, case, "report_up", **REPORT | {"facts_found": "尚不清楚"})
    with at("2025-10-13 10:00"):
        bureau.step(UPPER, case, "order_supplement", 422)
        assert bureau.step(UPPER, case, "order_supplement", reason="事实不清")["status"] == "supplement"
        assert bureau.due(case, "supplement") == "2025-10-20" + ENDS
        bureau.step(LOWER, case, "report_up", **REPORT | {"facts_found": "现已查清"})
        assert "尚不清楚" in bureau.as_(ROUTER).client.get(f"/complaint/{case}").text
        assert bureau.step(UPPER, case, "accept_result")["status"] == "finished"


def test_the_file_must_be_complete(bureau):
    """B05-11: both gaps are listed; then archived, the identity sealed, the retention by the setting."""
    with at("2025-10-09 09:00"):
        case = bureau.reviewed()
        bureau.call(ROUTER, "PUT", f"complaint/{case}", 200, value="need_more")
        bureau.step(ROUTER, case, "ask_material", material_how="phone", material_explained=True)
        bureau.step(ROUTER, case, "end_explained", opinion="已说明情况", handling_unit_id=bureau.units["PB-YX"])
        bureau.answer(case, OWN)
        bureau.step(OWN, case, "reply")
        gaps = bureau.step(KEEPER, case, "archive", 422)
        assert {("course", "file_complete"), ("signed_at", "head_signature")} <= set(rules(gaps))
        bureau.step(KEEPER, case, "complete_report", reason="补齐", course="核查", facts_found="不足", opinion="已说明")
        bureau.step(KEEPER, case, "compile_replied")
        bureau.step(KEEPER, case, "sign_replied", 403)
        bureau.step(HEAD, case, "sign_replied")
        assert bureau.step(KEEPER, case, "archive")["status"] == "archived"
        item = bureau.call(ARCHIVE, "GET", f"archive_item/?complaint_id={case}")["result"][0]
        assert item["retention_until"] == "2035-10-09"
        stored = {"values": {"complete": True, "location": "三号柜"}}
        put_away = bureau.call(ARCHIVE, "POST", f"archive_item/{item['id']}/move/store", 200, **stored)
        assert put_away["status"] == "stored"
        for who in (HOTLINE, SUPERVISOR, HANDLER, HEAD, CENTRE):
            assert bureau.call(who, "GET", "informant_identity/")["result"] == []


def test_visitors(bureau):
    """B05-13: five visits, each registered only when its own condition holds."""
    with at("2025-10-09 09:00"):
        def visit(**over):
            told = {"kind": "visit", "received_at": "2025-10-09T08:40", "content": "来访", "papers_read": True}
            told |= {"disturbance": False} | over
            made = bureau.call(VISITS, "POST", "feedback_intake/", 201, **told)
            return f"feedback_intake/{made['id']}"

        def register(path, status=200):
            return bureau.call(VISITS, "POST", f"{path}/move/register", status)

        for course in ("explained", "referred_to_own_unit"):
            assert register(visit(visit_course=course))["status"] == "registered"
        opinion = visit(visit_course="opinion_needed")
        assert rules(register(opinion, 422))[0][0] == "original_unit_contacted_at"
        bureau.call(VISITS, "PUT", opinion, 200, original_unit_contacted_at="2025-10-09T08:55")
        register(opinion)
        grave = visit(visit_course="serious_proposal", proposal="拟现场核查")
        assert rules(register(grave, 422))[0][0] == "supervisor_agreed_at"
        bureau.call(VISITS, "POST", f"{grave}/move/propose")
        register(grave, 422)
        bureau.call(SUPERVISOR, "POST", f"{grave}/move/agree")
        assert register(grave)["_labels"]["supervisor_id"] == "秦岚"
        loud = visit(visit_course="unreasonable", disturbance=True)
        assert rules(register(loud, 422))[0][0] == "unit_notified"
        bureau.call(VISITS, "PUT", loud, 200, unit_notified="原单位保卫科")
        assert register(loud)["intake_no"] == "LD20251009005"


def test_three_ways_of_routing(bureau):
    """B05-14: vile conduct to the inspection, wide influence to a joint team, rural supply to the rural department."""
    with at("2025-10-09 09:00"):
        vile, wide = bureau.reviewed(gravity="grave_conduct"), bureau.reviewed(gravity="serious_influence")
        rural = bureau.reviewed(matter="complaint", scope="supply_quality", area="rural")
        handler = {"handler_id": bureau.people["孙涛"]}
        assert bureau.assign(vile, 422)["errors"][0]["rule"] == "when"
        assert bureau.step(ROUTER, vile, "to_conduct", **handler)["_labels"]["holder_unit_id"] == "行风监察部"
        bureau.step(CONDUCT, vile, "report", **REPORT)
        bureau.step(ROUTER, vile, "finish", 422)
        bureau.step(CONDUCT, vile, "report_conduct")
        bureau.step(ROUTER, vile, "finish")
        bureau.step(ROUTER, wide, "to_joint", 422, **handler)
        people = bureau.people
        team = {"complaint_id": wide, "members": [people["郭琦"]], "departments": [bureau.units["PB-YX"]],
                "leader_id": people["温博"]}  # fmt: skip
        made = bureau.call(ROUTER, "POST", "joint_investigation/", 201, **team)["id"]
        path = f"joint_investigation/{made}"
        assert rules(bureau.call(ROUTER, "POST", f"{path}/move/put_up", 422)) == [("leader_id", "team_led_by_centre")]
        bureau.call(ROUTER, "PUT", path, 200, leader_id=people["魏骏"])
        bureau.call(ROUTER, "POST", f"{path}/move/put_up")
        bureau.call(CENTRE, "POST", f"{path}/move/set_up")
        bureau.step(ROUTER, wide, "to_joint", **handler)
        bureau.call(TEAM, "GET", f"complaint/{wide}")
        bureau.step(CENTRE, wide, "report_joint", 422, **REPORT)
        bureau.call(CENTRE, "POST", f"{path}/move/conclude", 200, values={"report": "属实"})
        bureau.step(CENTRE, wide, "report_joint", **REPORT)
        to = {"handler_id": people["廖勇"]}
        bureau.step(ROUTER, rural, "to_business", 422, handling_unit_id=bureau.units["PB-CW"], **to)
        bureau.step(ROUTER, rural, "to_business", handling_unit_id=bureau.units["PB-NW"], **to)
        assert "report" in bureau.call(RURAL, "GET", f"complaint/{rural}")["_moves"]
        bureau.call(RURAL_HANDLER, "GET", f"complaint/{rural}")
