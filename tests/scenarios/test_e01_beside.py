"""E01 beside B02 in one installation: each company adopts its own policy."""

from __future__ import annotations

import pytest

from tests.scenarios.desk import Desk
from tests.scenarios.e01_desk import DEPUTY, MARKETING, OFFICE, SERVICE, Group, at

POLICY = "B02+E01"


@pytest.fixture
def desk(sign_in) -> Group:
    with at("2025-09-01 09:00"):
        return Group(sign_in)


def test_both_policies_side_by_side_and_neither_sees_the_other(sign_in, desk):
    """Other fields, moves, numbers, clauses and rows; the same registers."""
    with at("2025-09-10 10:00"):
        board, belt = Desk(sign_in).accepted(), desk.accepted()
        one, other = (sign_in("liangweidong").call("GET", f"complaint/{board}"), desk.get(SERVICE, "complaint", belt))
        assert (one["number"], other["number"]) == ("250901", "KT250901")
        assert {"market", "part_no", "claimed_amount"} <= set(one)
        assert not {"market", "part_no", "claimed_amount", "channel"} & set(other)
        assert {"batch_no", "joint_limit"} <= set(other)
        assert not {"batch_no", "joint_limit"} & set(one)
        pairs = [(who, board, belt) for who in ("hepeishan", "liangweidong", "zhouqiming")]
        for who, mine, hidden in [*pairs, *((who, belt, board) for who in (SERVICE, DEPUTY, OFFICE))]:
            assert [row["id"] for row in desk.rows(who, "complaint")] == [mine], who
            desk.get(who, "complaint", hidden, 404)
            assert sign_in(who).client.get(f"/complaint/{hidden}").status_code == 404
        sign_in("hepeishan").move(belt, "investigate", 404)
        refused = desk.add(MARKETING, "complaint", 422, **desk.form(order_no="X", market="domestic"))
        assert refused["errors"][0]["field"] == "market"
        form = sign_in(MARKETING).client.get("/complaint/add").text
        assert 'name="batch_no"' in form
        assert 'name="market"' not in form
        page = sign_in(SERVICE).client.get(f"/complaint/{belt}").text
        assert "第二十五条1" in page
        assert "（九）" not in page
