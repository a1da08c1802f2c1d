"""Who decides by amount, who may not, and what a decision does to the case."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.core import moves
from app.core.errors import Conflict, Forbidden, NotFound, Refusal
from app.engines.approvals import operations as approvals
from app.engines.people import operations as people
from tests.unit.engines.approvals.conftest import PEOPLE, acting, complaint, find, routed, steps, unit, waiting

BANDS = [
    ("0.01", None, "sales_manager"),
    ("100000.00", None, "sales_manager"),
    ("100000.01", None, "deputy_gm"),
    ("100001.00", None, "deputy_gm"),
    ("149999.99", None, "deputy_gm"),
    ("150000.00", None, "deputy_gm"),
    ("150000.01", None, "general_manager"),
    ("150001.00", None, "general_manager"),
    ("98000", "102000", "deputy_gm"),
]
HOLDERS = {"sales_manager": "manager", "deputy_gm": "deputy", "general_manager": "gm"}


@pytest.mark.parametrize(("claimed", "proposed", "post"), BANDS)
def test_b02_1_the_amount_names_the_decider_and_nobody_else_decides(company, claimed, proposed, post):
    case, step = routed(claimed, proposed)
    assert step.post == f"B02.{post}"
    for username in PEOPLE:
        if username in ("stranger", HOLDERS[post]):
            continue
        with acting(username), pytest.raises((Forbidden, NotFound)) as refused:
            approvals.decide(step.id, "approve", values={"decision": "ok"})
        if isinstance(refused.value, Forbidden):
            problem = refused.value.problems[0]
            assert problem.clause == "（十一）"
            assert find(HOLDERS[post]).name in str(problem.message)
    with acting(HOLDERS[post]):
        approvals.decide(step.id, "approve", values={"decision": "同意"}, comment="可")
    assert (case.status, case.decision) == ("decided", "同意")
    assert [(s.status, s.decided_by_id, s.decided_as) for s in steps(case, "decision")] == [
        ("approved", find(HOLDERS[post]).id, f"B02.{post}")
    ]


def test_the_same_post_of_another_company_does_not_decide(company):
    _case, step = routed("200000")
    with acting("stranger"), pytest.raises(NotFound):
        approvals.decide(step.id, "approve", values={"decision": "ok"})


def test_the_route_is_frozen_with_its_reasons(company):
    case, _step = routed("98000", "102000")
    request = approvals.latest(case, "decision")
    frozen = request.frozen["authority"]
    assert (request.amount, frozen["post"]) == (Decimal(102000), "B02.deputy_gm")
    assert frozen["amounts"] == {"claimed_amount": "98000.00", "proposed_settlement_amount": "102000.00"}
    assert [band["applies"] for band in frozen["bands"]] == [False, True, False]
    assert request.title == "251007"
    assert "苏州启衡电子" in request.frozen["summary"]


@pytest.mark.parametrize(
    ("action", "target", "status"),
    [("approve", "decided", "approved"), ("reject", "closed", "rejected"), ("return", "qc", "returned")],
)
def test_every_outcome_makes_its_move(company, action, target, status):
    case, step = routed()
    with acting("manager") as me:
        approvals.decide(step.id, action, values={"decision": "x"} if action == "approve" else {}, comment="理由")
    request = approvals.latest(case, "decision")
    assert (case.status, request.status, step.status) == (target, status, status)
    assert (step.decided_by_id, step.comment) == (me, "理由")


@pytest.mark.parametrize("action", ["reject", "return"])
def test_no_without_a_reason(company, action):
    case, step = routed()
    with acting("manager"), pytest.raises(Refusal) as refused:
        approvals.decide(step.id, action)
    assert refused.value.problems[0].field == "comment"
    assert case.status == "pending_decision"


def test_missing_fields_of_the_decision_are_refused(company):
    _case, step = routed()
    with acting("manager"), pytest.raises(Refusal) as refused:
        approvals.decide(step.id, "approve")
    assert [p.field for p in refused.value.problems] == ["decision"]


def test_the_cases_own_button_records_the_step(company):
    case, step = routed()
    with acting("manager") as me:
        assert {"decide", "refuse", "investigate"} <= {m.key for m in moves.available(case)}
        moved = moves.move(case, "decide", values={"decision": "同意"})
    assert (step.status, step.decided_by_id) == ("approved", me)
    assert moved.context["decision"].employee_id == me
    for other in ("control", "deputy", "gm"):
        with acting(other):
            assert not {"decide", "refuse", "investigate"} & {m.key for m in moves.available(case)}


def test_who_comes_second_learns_who_decided(company):
    case, step = routed()
    with acting("manager"):
        approvals.decide(step.id, "approve", values={"decision": "同意"})
    with acting("manager"), pytest.raises(Conflict) as late:
        approvals.decide(step.id, "reject", comment="不")
    assert "宋志伟" in str(late.value)
    assert case.status == "decided"


def test_a_decision_may_not_lift_the_amount_above_its_band(company):
    _case, step = routed("90000")
    with acting("manager"), pytest.raises(Refusal) as refused:
        approvals.decide(step.id, "approve", values={"decision": "加", "proposed_settlement_amount": Decimal(120000)})
    assert refused.value.problems[0].rule == "authority"


def test_leaving_the_state_otherwise_ends_the_request(company):
    case, step = routed()
    with acting("control"):
        moves.move(case, "pull")
    request = approvals.latest(case, "decision")
    assert (request.status, step.status) == ("withdrawn", "skipped")


def test_a_second_request_for_the_same_is_refused(company):
    case, _step = routed()
    with acting("control"), pytest.raises(Refusal):
        approvals.open_request(case, "decision")


# -- deputies and recusal ----------------------------------------------------------------------------------------------


def test_a_deputy_decides_and_shows_as_deputy(company):
    case, step = routed()
    with acting("manager"):
        boss, clerk, today = find("manager"), find("clerk"), people.clock.today()
        people.appoint_deputy(boss, clerk, today, today, "出差")
    with acting("clerk") as me:
        approvals.decide(step.id, "approve", values={"decision": "代"})
    assert (step.decided_by_id, step.original_employee_id, step.delegated) == (me, find("manager").id, True)
    assert step.decided_as == "B02.sales_manager"
    assert case.status == "decided"


def test_the_owner_of_the_case_does_not_decide_it(company):
    people.give(find("rep"), "sales_manager", unit("S"), post="B02.sales_manager")
    _case, step = routed()
    with acting("rep"), pytest.raises(Forbidden) as refused:
        approvals.decide(step.id, "approve", values={"decision": "x"})
    assert refused.value.problems[0].rule == "recusal"
    with acting("manager"):
        approvals.decide(step.id, "approve", values={"decision": "x"})


def propose_as_manager() -> object:
    case = complaint(status="draft")
    with acting("manager"):
        moves.move(case, "propose")
    return case


def test_the_author_is_recused_and_the_ladder_takes_over(company):
    case = propose_as_manager()
    with acting("control"):
        moves.move(case, "route")
    step = waiting(case)[0]
    assert (step.employee_id, step.original_employee_id) == (find("deputy").id, find("manager").id)
    with acting("manager"), pytest.raises(Forbidden):
        approvals.decide(step.id, "approve", values={"decision": "x"})
    with acting("deputy"):
        approvals.decide(step.id, "approve", values={"decision": "x"})
    assert step.decided_by_id == find("deputy").id


def test_the_next_holder_comes_before_the_superior(company):
    people.give(find("clerk"), "sales_manager", unit("S"), post="B02.sales_manager")
    case = propose_as_manager()
    with acting("control"):
        moves.move(case, "route")
    step = waiting(case)[0]
    assert step.employee_id is None
    with acting("clerk"):
        approvals.decide(step.id, "approve", values={"decision": "x"})


def test_the_deputy_comes_before_the_superior(company):
    case = propose_as_manager()
    with acting("manager"):
        today = people.clock.today()
        people.appoint_deputy(find("manager"), find("clerk"), today, today, "回避")
    with acting("control"):
        moves.move(case, "route")
    step = waiting(case)[0]
    assert step.employee_id is None
    with acting("clerk"):
        approvals.decide(step.id, "approve", values={"decision": "x"})
    assert step.delegated


def test_when_nobody_is_left_the_refusal_says_who_appoints_a_deputy(company):
    case = complaint("200000", status="draft")
    people.give(find("gm"), "sales_manager", unit("S"), post="B02.sales_manager")
    with acting("gm"):
        moves.move(case, "propose")
    with acting("control"), pytest.raises(Refusal) as refused:
        moves.move(case, "route")
    assert "陈国栋" in str(refused.value)
    assert refused.value.problems[0].rule == "recusal"


def test_who_put_it_forward_does_not_decide(company):
    people.give(find("control"), "sales_manager", unit("S"), post="B02.sales_manager")
    _case, step = routed()
    with acting("control"), pytest.raises(Forbidden):
        approvals.decide(step.id, "approve", values={"decision": "x"})
