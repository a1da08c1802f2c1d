"""Rounds of a case, whatever the policy: bounded, in step with edits, and kept once they have ended."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.core.db import session
from app.engines.policy import operations as policy
from app.engines.policy.models import PackVersion
from tests.scenarios.a14_desk import ASSISTANT, MANAGER, SUPERVISOR, Franchise, at

POLICY = "A14"


@pytest.fixture
def shops(sign_in) -> Franchise:
    """The company of A14 at work."""
    with at("2025-09-01 09:00"):
        return Franchise(sign_in)


@pytest.fixture
def two_rounds(portal, monkeypatch) -> None:
    """A14 with two rounds at most."""
    with portal.app_context():
        version = session.scalars(sa.select(PackVersion).filter_by(code="A14")).one()
        pack = policy.pack_for(version.id)
        case = pack.cases["complaint"]
        bounded = case.model_copy(update={"rounds": case.rounds.model_copy(update={"most": 2})})
        monkeypatch.setitem(pack.__dict__, "cases", {**pack.cases, "complaint": bounded})
        session.remove()


def test_more_rounds_than_the_policy_allows_are_refused(shops, two_rounds):
    with at("2025-09-10 10:00"):
        case = shops.received("2025-09-10 09:30")
        shops.contacted(case, "2025-09-10 09:50")
        shops.answered(case, ASSISTANT, "answer_1", "4")
        refused = shops.answered(case, SUPERVISOR, "answer_2", "5", 422)["errors"]
        assert [(error["rule"], error["clause"]) for error in refused] == [("rounds", "5.3.1.6")]
        shown = shops.as_(SUPERVISOR).call("GET", f"complaint/{case}")
        assert (shown["status"], shown["satisfaction"]) == ("handling_2", None)
        assert len(shops.lines("complaint_handling", case)) == 2


def test_a_form_follows_edits_until_it_has_ended(shops):
    with at("2025-09-10 10:00"):
        case = shops.received("2025-09-10 09:30")
        shops.contacted(case, "2025-09-10 09:50")
        edit = {"row_version": shops.as_(ASSISTANT).call("GET", f"complaint/{case}")["row_version"], "place": "一号店"}
        shops.as_(ASSISTANT).call("PUT", f"complaint/{case}", **edit)
        first = shops.lines("complaint_handling", case)[0]
        assert shops.form(first)["place"] == "一号店"
        shops.as_(ASSISTANT).call("POST", f"complaint_handling/{first['id']}/move/answer", 403, values={})
        shops.answered(case, ASSISTANT, "answer_1", "5")
        edit = {"row_version": shops.as_(SUPERVISOR).call("GET", f"complaint/{case}")["row_version"], "place": "二号店"}
        shops.as_(SUPERVISOR).call("PUT", f"complaint/{case}", **edit)
        assert [shops.form(row)["place"] for row in shops.lines("complaint_handling", case)] == ["一号店", "二号店"]


def test_pages_show_what_the_policy_knows(shops):
    """Fields and clauses of other policies stay away from the page; the level says why."""
    with at("2025-09-10 10:00"):
        case = shops.received("2025-09-10 09:30")
        shops.contacted(case, "2025-09-10 09:50", emotional=True)
        shops.as_(ASSISTANT).move(case, "hand_over")
        page = shops.as_(SUPERVISOR).client.get(f"/complaint/{case}").text
        assert "二级处理中" in page
        assert "带有情绪反馈" in page
        assert "内／外销" not in page
        shops.answered(case, SUPERVISOR, "answer_2", "4")
        report = shops.lines("written_report", case)[0]["id"]
        page = shops.as_(MANAGER).client.get(f"/written_report/{report}").text
        assert "（九）3" not in page
        assert "5.1.1.3" in page
