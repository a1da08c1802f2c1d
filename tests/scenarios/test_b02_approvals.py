"""B02: who may not decide, and what one may do in the approvals inbox besides deciding."""

from __future__ import annotations

import pytest

from tests.scenarios.desk import BOOKS, CONTROL, DEPUTY, GENERAL, MANAGER, OFFICE, QC, REP, at
from tests.scenarios.seats import employee_id, give, hire, stand_in
from tests.scenarios.talks import DAY, YES, act, inbox, mine, pending, row

# -- （九）6 nobody decides his own --------------------------------------------------------------


def test_the_author_of_the_sales_opinion_does_not_decide(desk):
    """The sales manager writes the opinion himself: the next post of the ladder decides."""
    with at(DAY):
        case = desk.accepted()
        desk.at_sales(case)
        desk.as_(MANAGER).move(case, "propose", sales_opinion="同意", proposed_settlement_amount="1000.00")
        desk.as_(CONTROL).move(case, "route", combined_opinion="同意")
        refused = desk.as_(MANAGER).move(case, "decide", 403, decision="同意", founded=True)
        assert refused["errors"][0]["rule"] == "recusal"
        assert inbox(desk, MANAGER) == []
        act(desk, DEPUTY, mine(desk, DEPUTY, case), "approve", **YES)


def test_the_manager_does_not_decide_the_case_he_opened(desk):
    with at(DAY):
        case = desk.as_(MANAGER).call("POST", "complaint/", 201, **desk.intake())["id"]
        desk.as_(MANAGER).move(case, "submit")
        desk.as_(CONTROL).move(case, "accept")
        desk.at_sales(case)
        desk.as_(MANAGER).move(case, "propose", sales_opinion="同意", proposed_settlement_amount="1000.00")
        desk.as_(CONTROL).move(case, "route", combined_opinion="同意")
        desk.as_(MANAGER).move(case, "decide", 403, decision="同意", founded=True)
        desk.as_(DEPUTY).move(case, "decide", decision="同意", founded=True)
        assert desk.as_(MANAGER).move(case, "negotiate")["status"] == "negotiating"


def test_case_control_never_decides_even_with_the_post(desk, portal):
    """（九）8: who coordinated the case does not decide it as general manager."""
    give(portal, CONTROL, "general_manager", "HX-GM", "all")
    with at(DAY):
        case = pending(desk, "200000.00", "200000.00")
        refused = desk.as_(CONTROL).move(case, "decide", 403, decision="同意", founded=True)
        assert refused["errors"]
        assert desk.as_(GENERAL).move(case, "decide", decision="同意", founded=True)["status"] == "decided"


def test_recusal_by_oneself_asks_the_next_of_the_ladder(desk):
    with at(DAY):
        case = pending(desk)
        step = mine(desk, MANAGER, case)
        act(desk, MANAGER, step, "recuse", 422)
        act(desk, MANAGER, step, "recuse", comment="客户是亲戚")
        assert inbox(desk, MANAGER) == []
        refused = desk.as_(MANAGER).move(case, "decide", 403, decision="同意", founded=True)
        assert "客户是亲戚" in refused["errors"][0]["message"]
        act(desk, DEPUTY, mine(desk, DEPUTY, case), "approve", **YES)


# -- approvals: everything else one may do --------------------------------------------------------


def test_hand_over_only_to_who_has_the_authority(desk, portal):
    with at(DAY):
        case = pending(desk)
        step = mine(desk, MANAGER, case)
        for account in (QC, REP):
            refused = act(desk, MANAGER, step, "transfer", 422, employee_id=employee_id(portal, account))
            assert refused["errors"][0]["field"] == "employee_id"
        act(desk, MANAGER, step, "transfer", employee_id=employee_id(portal, GENERAL), comment="出差")
        desk.as_(MANAGER).move(case, "decide", 403, decision="同意", founded=True)
        act(desk, GENERAL, mine(desk, GENERAL, case), "approve", **YES)
        assert row(desk, case)["decided_by_id"] == employee_id(portal, GENERAL)


def test_a_deputy_decides_from_a_day_to_a_day(desk, portal):
    deputy = hire(portal, "fujingli", "HX-SA")
    stand_in(portal, MANAGER, "fujingli", "2025-09-10", "2025-09-11")
    with at(DAY):
        first, second = pending(desk), pending(desk)
    with at("2025-09-11 23:59"):
        shown = desk.as_("fujingli").move(first, "decide", decision="同意", founded=True)
        assert shown["decided_by_id"] == deputy
    with at("2025-09-12 00:00"):
        answer = desk.as_("fujingli").client.post(f"/api/v1/complaint/{second}/move/decide", json={"values": {}})
        assert answer.status_code == 403
        desk.as_(MANAGER).move(second, "decide", decision="同意", founded=True)


def test_a_deputy_named_in_the_inbox(desk, portal):
    deputy = hire(portal, "fujingli", "HX-SA")
    with at(DAY):
        case = pending(desk)
        act(desk, MANAGER, mine(desk, MANAGER, case), "delegate", employee_id=deputy, last="2025-09-12", comment="出差")
        act(desk, "fujingli", mine(desk, "fujingli", case), "approve", **YES)
        assert row(desk, case)["decided_by_id"] == deputy


def test_who_brought_the_case_does_not_decide_it_as_a_deputy(desk, portal):
    stand_in(portal, MANAGER, REP, "2025-09-10", "2025-09-12")
    with at(DAY):
        case = pending(desk)
        assert desk.as_(REP).move(case, "decide", 403, decision="同意", founded=True)["errors"]


@pytest.mark.parametrize("account", ["taoyong", "linjiahao", OFFICE])
def test_an_added_signer_sees_the_case_and_is_heard_but_does_not_decide(desk, portal, account):
    """Whoever is asked by name reaches the row, with a role for own rows, one unit, or a unit and below."""
    with at(DAY):
        case = pending(desk)
        if account != OFFICE:
            desk.as_(account).call("GET", f"complaint/{case}", 404)
        step = mine(desk, MANAGER, case)
        act(desk, MANAGER, step, "add_signer", employee_id=employee_id(portal, account), where="before", comment="请看")
        assert desk.as_(account).call("GET", f"complaint/{case}")["id"] == case
        assert case in {found["id"] for found in desk.as_(account).call("GET", "complaint/")["result"]}
        act(desk, MANAGER, step, "approve", 409, **YES)
        act(desk, account, mine(desk, account, case), "return", 422, comment="x")
        act(desk, account, mine(desk, account, case), "reject", comment="数量不对")
        assert row(desk, case)["status"] == "pending_decision"
        act(desk, MANAGER, mine(desk, MANAGER, case), "approve", **YES)
        assert row(desk, case)["decided_by_id"] == employee_id(portal, MANAGER)


def test_copies_urging_and_taking_back(desk, portal):
    with at(DAY):
        case = pending(desk)
        step = mine(desk, MANAGER, case)
        act(desk, MANAGER, step, "copy", employee_ids=[employee_id(portal, BOOKS)])
        copy = inbox(desk, BOOKS, "copies")[0]["id"]
        act(desk, BOOKS, copy, "approve", 403, **YES)
        act(desk, BOOKS, copy, "read")
        assert desk.as_(BOOKS).call("GET", f"complaint/{case}")["id"] == case
        act(desk, CONTROL, step, "urge")
        assert act(desk, CONTROL, step, "urge", 422)["errors"][0]["rule"] == "once_per_hour"
        act(desk, REP, step, "withdraw", 403, comment="x")
        act(desk, CONTROL, step, "withdraw", 422)
        act(desk, CONTROL, step, "withdraw", comment="补充资料")
        assert row(desk, case)["status"] == "combined"
        desk.as_(CONTROL).move(case, "route", combined_opinion="已补充")
        act(desk, MANAGER, mine(desk, MANAGER, case), "approve", **YES)
    with at("2025-09-10 11:01"):
        act(desk, CONTROL, step, "withdraw", 422, comment="太迟")


def test_a_petition_returns_to_its_earlier_step(desk, portal):
    """（九）14: sales manager, then general manager; the general manager returns it to the first."""
    with at(DAY):
        case = pending(desk)
        desk.decided(case, founded=False, collection_due_on="2025-09-30", decided_amount=None)
        memo = {"kind": "unfounded_dispute", "complaint_id": case, "subject": "客户有异议", "content": "x"}
        paper = desk.as_(REP).call("POST", "petition/", 201, **memo)["id"]
        desk.as_(REP).call("POST", f"petition/{paper}/move/submit", values={})
        step = next(r["id"] for r in inbox(desk, MANAGER) if r["register"] == "petition")
        assert not [r for r in inbox(desk, GENERAL) if r["register"] == "petition"]
        act(desk, MANAGER, step, "approve")
        step = next(r["id"] for r in inbox(desk, GENERAL) if r["register"] == "petition")
        act(desk, GENERAL, step, "return", 422, to=7, comment="查无此步")
        act(desk, GENERAL, step, "return", to=1, comment="请业务先核实")
        again = next(r["id"] for r in inbox(desk, MANAGER) if r["register"] == "petition")
        act(desk, MANAGER, again, "approve", comment="已核实")
        step = next(r["id"] for r in inbox(desk, GENERAL) if r["register"] == "petition")
        assert act(desk, GENERAL, step, "approve", 422)["errors"][0]["field"] == "decision"
        act(desk, GENERAL, step, "approve", values={"decision": "免收"})
        assert desk.as_(CONTROL).move(case, "close_unfounded")["status"] == "closed"
