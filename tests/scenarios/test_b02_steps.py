"""B02 on its route: each step by its post alone, writing its own fields."""

from __future__ import annotations

from tests.scenarios.desk import BOOKS, CONTROL, MANAGER, OFFICE, QC, RD, REP, SECTION, at, clocks
from tests.scenarios.routing import EVERYBODY, OTHER_SECTION, analysed, judge, judged

# -- （九）4 the route ------------------------------------------------------------------------

STEPS = [
    ("submit", REP, {}),
    ("accept", CONTROL, {}),
    ("send_to_qc", CONTROL, {}),
    ("judge", QC, {}),
    ("analyse", SECTION, {}),
    ("ask_rd", OFFICE, {"manager_office_note": "请研发会诊"}),
    ("advise", RD, {"rd_opinion": "同意"}),
    ("check", CONTROL, {"gm_office_check": "齐全"}),
    ("propose", REP, {"sales_opinion": "同意", "proposed_settlement_amount": "90000"}),
    ("route", CONTROL, {"combined_opinion": "同意"}),
]
CLAUSES = {
    "submit": "（九）1", "accept": "（九）4; （八）", "judge": "（九）4; （七）2(1)", "analyse": "（九）4; （七）4",
    "route": "（九）4,6; （十一）",
}
ALSO = {"submit": {MANAGER}, "propose": {MANAGER}}


def test_each_step_is_made_by_its_post_alone_and_writes_its_own_fields(desk):
    """Every post tries every step with its right values; a wrong one is refused with the clause or sees nothing."""
    foreign = {"decision": "我说了算", "decided_amount": "1"}
    with at("2025-09-10 10:00"):
        case = desk.open()
        for key, account, values in STEPS:
            values = {"judge": judged(desk), "analyse": analysed(desk)}.get(key, values)
            for other in set(EVERYBODY) - {account} - ALSO.get(key, set()):
                client = desk.as_(other).client
                answer = client.post(f"/api/v1/complaint/{case}/move/{key}", json={"values": values})
                sees = client.get(f"/api/v1/complaint/{case}").status_code == 200
                # accounting moves no complaint at all
                assert answer.status_code == (403 if sees or other == BOOKS else 404), (key, other)
                if answer.status_code == 403 and other != BOOKS:
                    assert answer.json["errors"][0]["clause"] == CLAUSES.get(key, "（九）4")
            refused = desk.as_(account).move(case, key, 422, **values, **foreign)
            assert {error["field"] for error in refused["errors"]} >= set(foreign)
            for name in values:
                gap = {n: v for n, v in values.items() if n != name}
                if name != "production_unit_id":
                    assert name in {e["field"] for e in desk.as_(account).move(case, key, 422, **gap)["errors"]}
            desk.as_(account).move(case, key, **values)
        assert desk.as_(REP).call("GET", f"complaint/{case}")["rd_needed"] is True


def test_nobody_edits_what_another_post_wrote(desk):
    with at("2025-09-10 10:00"):
        case = desk.accepted()
        desk.at_sales(case)
        for account, field in ((REP, "qc_cause"), (REP, "countermeasure"), (REP, "claimed_amount"), (QC, "qc_cause"),
                               (CONTROL, "gm_office_check"), (MANAGER, "sales_note")):
            answer = desk.as_(account).client.put(f"/api/v1/complaint/{case}", json={field: "1"})
            # sales has the case by now, but these fields are others'
            assert answer.status_code == (422 if account == REP else 403), (account, field)
            if answer.status_code == 422:
                assert answer.json["errors"][0]["field"] == field
        assert desk.as_(REP).call("PUT", f"complaint/{case}", sales_opinion="先记下")["sales_opinion"] == "先记下"


def test_the_case_goes_to_the_production_unit_that_quality_named(desk):
    """（七）4(2): the other section neither sees nor analyses it."""
    with at("2025-09-10 10:00"):
        case = desk.accepted()
        desk.as_(CONTROL).move(case, "send_to_qc")
        judge(desk, case)
        desk.as_(OTHER_SECTION).call("GET", f"complaint/{case}", 404)
        row = desk.as_(SECTION).call("GET", f"complaint/{case}")
        assert (row["holder_unit_id"], row["_moves"]) == (desk.section, ["analyse"])
        future = analysed(desk) | {"produced_on": "2025-08-21"}
        late = desk.as_(SECTION).move(case, "analyse", 422, **future)
        assert late["errors"][0]["field"] == "produced_on"


def test_case_control_returns_an_incomplete_form_with_its_reason(desk):
    with at("2025-09-10 10:00"):
        case = desk.open()
        desk.as_(REP).move(case, "submit")
        bare = desk.as_(CONTROL).move(case, "send_back_draft", 422)
        assert bare["errors"][0]["field"] == "reason"
        desk.as_(CONTROL).move(case, "send_back_draft", reason="缺交运日期")
        assert desk.as_(REP).call("PUT", f"complaint/{case}", shipped_on="2025-08-21")["status"] == "draft"
        desk.as_(REP).move(case, "submit")
        assert [row["status"] for row in clocks(desk, case).values()] == ["running"]


def test_steps_out_of_order_and_unknown_ones(desk):
    with at("2025-09-10 10:00"):
        case = desk.accepted()
        early = desk.as_(CONTROL).move(case, "route", 422, combined_opinion="x")
        assert early["errors"][0]["rule"] == "state"
        desk.as_(CONTROL).move(case, "fly", 404)
        desk.as_(CONTROL).move(999999, "accept", 404)
        desk.as_(CONTROL).call("DELETE", f"complaint/{case}", 405)
