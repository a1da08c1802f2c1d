"""All-of and any-of stations, returning to a step, added signers before and after."""

from __future__ import annotations

import pytest

from app.core import access, hooks, moves
from app.core.errors import Conflict, Forbidden, Refusal
from app.engines.approvals import inbox
from app.engines.approvals import operations as approvals
from app.engines.notifications import operations as notifications
from tests.unit.engines.approvals.conftest import acting, countersigned, find, routed, shape, steps, waiting


def answer(case, username, action="approve", comment="看过", **options):
    """Let somebody answer the step that waits for his post, or for him."""
    person = find(username)
    with acting(username):
        step = inbox.waiting_on("complaint", case.id, access.current())
        assert step is not None, f"nothing waits for {person.name}"
        return approvals.decide(step.id, action, comment=comment, **options)


def test_all_of_waits_for_everybody_and_any_of_for_the_first(company):
    case = countersigned()
    answer(case, "qc")
    assert shape(case, "signing") == [
        (1, "qc", "approved"),
        (1, "rd", "open"),
        (2, "sales_manager", "waiting"),
        (2, "deputy_gm", "waiting"),
        (3, "general_manager", "waiting"),
    ]
    answer(case, "rd")
    answer(case, "deputy")
    assert [state for _at, _post, state in shape(case, "signing")] == [
        "approved",
        "approved",
        "skipped",
        "approved",
        "open",
    ]
    answer(case, "gm", values={"decision": "发布"})
    assert (case.status, approvals.latest(case, "signing").status) == ("decided", "approved")


def test_one_no_ends_an_all_of(company):
    case = countersigned()
    answer(case, "rd", "reject")
    assert (case.status, approvals.latest(case, "signing").status) == ("combined", "rejected")
    assert [state for _at, _post, state in shape(case, "signing")] == [
        "skipped",
        "rejected",
        "skipped",
        "skipped",
        "skipped",
    ]


def test_an_any_of_ends_only_when_all_say_no(company):
    case = countersigned()
    answer(case, "qc")
    answer(case, "rd")
    answer(case, "manager", "reject")
    assert case.status == "signing"
    answer(case, "deputy", "reject")
    assert (case.status, approvals.latest(case, "signing").status) == ("combined", "rejected")


def test_a_step_on_the_way_is_not_the_cases_move(company):
    case = countersigned()
    with acting("qc"):
        assert "sign" not in {move.key for move in moves.available(case)}
        with pytest.raises(Forbidden) as refused:
            moves.move(case, "sign", values={"decision": "x"})
    assert "inbox" in str(refused.value)


def test_what_an_earlier_step_filled_in_is_kept_for_the_move(company):
    case = countersigned()
    answer(case, "qc", values={"founded": True})
    answer(case, "rd")
    answer(case, "manager", values={"decision": "经理意见"})
    answer(case, "gm")
    assert (case.founded, case.decision, case.status) == (True, "经理意见", "decided")


def test_returning_to_a_step_asks_it_again_and_keeps_the_history(company):
    case = countersigned()
    for username in ("qc", "rd", "manager"):
        answer(case, username)
    answer(case, "gm", "return", to=2)
    assert shape(case, "signing")[2:] == [
        (2, "sales_manager", "approved"),
        (2, "deputy_gm", "skipped"),
        (3, "general_manager", "returned"),
        (4, "sales_manager", "open"),
        (4, "deputy_gm", "open"),
        (5, "general_manager", "waiting"),
    ]
    answer(case, "deputy")
    answer(case, "gm", values={"decision": "可"})
    assert case.status == "decided"


@pytest.mark.parametrize("to", [0, 3, 9, -(10**9)])
def test_there_is_no_way_back_to_a_step_that_was_not_taken(company, to):
    case = countersigned()
    for username in ("qc", "rd", "manager"):
        answer(case, username)
    with pytest.raises(Refusal):
        answer(case, "gm", "return", to=to)


def test_an_added_signer_before_is_heard_first_and_does_not_decide(company):
    case, step = routed()
    with acting("manager"):
        approvals.add_signer(step.id, find("plant").id, before=True, comment="请看")
    assert shape(case, "decision") == [(1, "", "open"), (2, "sales_manager", "waiting")]
    with acting("manager"), pytest.raises(Conflict):
        approvals.decide(step.id, "approve", values={"decision": "x"})
    with pytest.raises(Refusal):
        answer(case, "plant", "return")
    answer(case, "plant", "reject", "不同意赔付")
    assert case.status == "pending_decision"
    answer(case, "manager", values={"decision": "仍赔付"})
    assert case.status == "decided"


def test_an_added_signer_after_completes_but_the_decider_stays_the_decider(company):
    case, step = routed()
    with acting("manager"):
        approvals.add_signer(step.id, find("plant").id, before=False)
        with pytest.raises(Refusal) as missing:
            approvals.decide(step.id, "approve")
        assert missing.value.problems[0].field == "decision"
        approvals.decide(step.id, "approve", values={"decision": "同意"})
    assert case.status == "pending_decision"
    seen = []
    moves.on_moved(seen.append, order=95)
    try:
        answer(case, "plant")
    finally:
        hooks._listeners[:] = [entry for entry in hooks._listeners if entry[1] != seen.append]
    assert (case.status, case.decision) == ("decided", "同意")
    assert seen[0].context["decision"].employee_id == case.decided_by_id == find("manager").id


def test_an_objection_after_the_decision_goes_back_to_the_decider(company):
    case, step = routed()
    with acting("manager"):
        approvals.add_signer(step.id, find("plant").id, before=False)
        approvals.decide(step.id, "approve", values={"decision": "同意"})
    answer(case, "plant", "reject", "金额不对")
    assert shape(case, "decision") == [
        (1, "sales_manager", "approved"),
        (2, "", "rejected"),
        (3, "sales_manager", "open"),
    ]
    answer(case, "manager")
    assert case.status == "decided"


@pytest.mark.parametrize("username", ["manager", "plant"])
def test_nobody_is_asked_twice(company, username):
    _case, step = routed()
    with acting("manager"):
        approvals.add_signer(step.id, find("plant").id, before=False)
        with pytest.raises(Refusal):
            approvals.add_signer(step.id, find(username).id, before=True)


def test_every_holder_of_a_station_is_told(company):
    case = countersigned()
    for username in ("qc", "rd"):
        assert next(n.url for n in notifications.notices(find(username).id)).startswith("/approvals/")
    assert notifications.notices(find("gm").id) == []
    assert len(waiting(case)) == 2
    assert all(step.opened_at for step in steps(case, "signing") if step.status == "open")
