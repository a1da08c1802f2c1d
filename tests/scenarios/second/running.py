"""B02 and the invented Z01 on one complaint register, in one installation; run by ``test_second_policy.py``.

It is kept out of the ordinary run, since the register of Z01 would stay in the process for all other tests.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.db import session
from app.core.errors import Refusal
from app.engines.people.models import OrgUnit
from app.engines.policy import operations as policy
from app.engines.policy import versions
from tests.scenarios import seats
from tests.scenarios.conftest import BEGUN
from tests.scenarios.desk import CONTROL, GENERAL, QC, REP, Desk, at
from tests.scenarios.second.complaint_shop import ComplaintShop

assert ComplaintShop
PACK = Path(__file__).parent / "Z01.yaml"
CLERK, KEEPER, OWNER = "dianyuan", "dianzhang", "diandong"
DAY = "2025-09-30 20:00"


@pytest.fixture(scope="session", autouse=True)
def one_pack_more():
    """The pack lies beside the others."""
    shipped = versions.pack_files
    versions.pack_files = lambda: [*shipped(), PACK]
    yield
    versions.pack_files = shipped


@pytest.fixture
def shop(portal, sign_in):
    """A shop below the company that works by its own policy, with its people and a customer."""
    with portal.app_context(), clock.freeze(BEGUN):
        company = session.scalars(sa.select(OrgUnit).filter_by(code="HX")).one()
        home = OrgUnit(code="HX-SHOP", name="门市部", kind="department", parent_id=company.id)
        session.add(home)
        session.flush()
        policy.adopt(home, "Z01", clock.today())
        session.commit()
        session.remove()
    staff = ((CLERK, "clerk", "own"), (KEEPER, "keeper", "unit_and_below"), (OWNER, "owner", "unit"))
    for account, post, scope in staff:
        seats.hire(portal, account, "HX-SHOP", post, scope=scope, policy="Z01")
    with at("2025-09-01 09:00"):
        return sign_in(CLERK).call("POST", "customer/", 201, customer_no="S1", name="张女士")["id"]


def heard(sign_in, buyer: int, **over) -> dict:
    asked = {"title": "色差", "customer_id": buyer, "market": "domestic", "claimed_amount": "300", "receipt_no": "R-7",
             "bought_on": "2025-09-20", "wish": "money"} | over
    return sign_in(CLERK).call("POST", "complaint/", 201, **asked)


def clocks_of(sign_in, account: str, case: int) -> dict:
    found = sign_in(account).call("GET", f"complaint/{case}/explain")["clocks"]
    return {line["key"]: line for line in found}


def test_the_shop_goes_its_own_way(sign_in, shop):
    """Other states, fields, limits in office hours and calendar days, another number, other deciders."""
    with at(DAY):
        case = heard(sign_in, shop)
        assert (case["status"], case["_moves"]) == ("heard", ["look_into"])
        assert clocks_of(sign_in, CLERK, case["id"])["Z01.hearing"]["due_at"] == "2025-10-09T12:00:00+08:00"
        shown = sign_in(CLERK).move(case["id"], "look_into")
        assert (shown["case_no"], shown["number"]) == ("MD2025-0001", "MD2025-0001")
        assert clocks_of(sign_in, CLERK, case["id"])["Z01.whole"]["due_at"] == "2025-10-05T23:59:59+08:00"
        assert shown["due_at"].startswith("2025-10-05")
        shown = sign_in(CLERK).move(case["id"], "offer", finding="色号不符", proposed_settlement_amount="500.00")
        assert shown["deciding_post"] == "keeper"
        assert sign_in(OWNER).move(case["id"], "settle", 403, decision="x")["errors"][0]["clause"] == "第六条"
        bare = sign_in(KEEPER).move(case["id"], "settle", 422, decision="退款")
        assert (bare["errors"][0]["field"], bare["errors"][0]["clause"]) == ("voucher_amount", "第六条")
        done = sign_in(KEEPER).move(case["id"], "settle", decision="退款", voucher_amount="500")
        assert (done["status"], done["voucher_amount"]) == ("settled", "500.00")
        assert {line["status"] for line in clocks_of(sign_in, CLERK, case["id"]).values()} == {"met"}
    with at("2026-01-01 09:00"):
        later = heard(sign_in, shop)
        assert sign_in(CLERK).move(later["id"], "look_into")["case_no"] == "MD2026-0001"


def test_more_than_the_keeper_may_decide(sign_in, shop):
    with at(DAY):
        case = heard(sign_in, shop)["id"]
        sign_in(CLERK).move(case, "look_into")
        shown = sign_in(CLERK).move(case, "offer", finding="x", proposed_settlement_amount="500.01")
        assert shown["deciding_post"] == "owner"
        step = sign_in(OWNER).call("GET", "approval/inbox")["result"][0]
        assert (step["policy"], step["subject"], step["clause"]) == ("Z01", "门店处理决定", "第六条")
        sign_in(OWNER).call("POST", f"approval/{step['id']}/reject", comment="证据不足")
        assert sign_in(CLERK).call("GET", f"complaint/{case}")["status"] == "dropped"


def test_both_policies_side_by_side(sign_in, shop):
    """Neither sees the other's fields and moves; numbers, clocks and deciders do not meet."""
    with at("2025-09-10 10:00"):
        desk = Desk(sign_in)
        board, bag = desk.accepted(), heard(sign_in, shop, bought_on="2025-09-01")["id"]
        sign_in(CLERK).move(bag, "look_into")
        one, other = (sign_in(GENERAL).call("GET", f"complaint/{case}") for case in (board, bag))
        assert (one["case_no"], other["case_no"]) == ("250901", "MD2025-0001")
        assert {"order_no", "countermeasure"} <= set(one)
        assert not {"receipt_no", "wish", "voucher_amount"} & set(one)
        assert {"receipt_no", "wish", "voucher_amount"} <= set(other)
        assert not {"order_no", "countermeasure", "rd_needed"} & set(other)
        assert {line.split(".")[0] for line in clocks_of(sign_in, GENERAL, board)} == {"B02"}
        assert {line.split(".")[0] for line in clocks_of(sign_in, CLERK, bag)} == {"Z01"}
        assert {row["id"] for row in sign_in(GENERAL).call("GET", "complaint/")["result"]} == {board, bag}
        assert [row["id"] for row in sign_in(CLERK).call("GET", "complaint/")["result"]] == [bag]
        assert [row["id"] for row in sign_in(REP).call("GET", "complaint/")["result"]] == [board]
        sign_in(CONTROL).move(board, "look_into", 404)
        sign_in(CLERK).move(bag, "send_to_qc", 404)
        sign_in(QC).call("GET", f"complaint/{bag}", 404)
        sign_in(KEEPER).call("GET", f"complaint/{board}", 404)
        refused = sign_in(REP).call("POST", "complaint/", 422, **desk.intake(receipt_no="R-1"))
        assert refused["errors"][0]["field"] == "receipt_no"
        asked = {"title": "x", "customer_id": shop, "market": "domestic", "order_no": "PO1"}
        refused = sign_in(CLERK).call("POST", "complaint/", 422, **asked)
        assert refused["errors"][0]["field"] == "order_no"
        desk.at_sales(board)
        assert desk.routed(board, "90000")["deciding_post"] == "sales_manager"
        sign_in(KEEPER).move(board, "decide", 404, decision="x", founded=True)


def test_both_on_the_screens(sign_in, shop):
    """Forms, lists, pages, steps, inbox and prints say what each case's own policy says."""
    with at("2025-09-10 10:00"):
        desk = Desk(sign_in)
        board = desk.accepted()
        client = sign_in(CLERK).client
        form = client.get("/complaint/add").text
        assert 'name="receipt_no"' in form
        assert 'name="order_no"' not in form
        assert 'name="order_no"' in sign_in(REP).client.get("/complaint/add").text
        typed = {"title": "色差", "customer_id": shop, "market": "domestic", "receipt_no": "R-8", "wish": "goods"}
        made = client.post("/complaint/add", data=typed)
        assert made.status_code == 302
        here = made.headers["Location"]
        page = client.get(here).text
        assert "已听取" in page
        assert "R-8" in page
        assert "料号" not in page
        assert client.post(f"{here}/move/look_into", data=typed).status_code == 302
        offer = {"finding": "调换", "proposed_settlement_amount": "20"}
        assert client.post(f"{here}/move/offer", data=offer).status_code == 302
        every = sign_in(GENERAL).client.get("/complaint/").text
        assert "待店方决定" in every
        assert "已编号登记" in every
        paper = sign_in(KEEPER).client.get(f"{here}/print?copy=1").text
        assert "门店客诉单" in paper
        assert "存根" in paper
        assert "客户抱怨处理表" in sign_in(CONTROL).client.get(f"/complaint/{board}/print").text
        step = sign_in(KEEPER).call("GET", "approval/inbox")["result"][0]["id"]
        shown = sign_in(KEEPER).client.get(f"/approvals/{step}").text
        assert "门店处理决定" in shown
        answer = {"action": "approve", "decision": "调换"}
        assert sign_in(KEEPER).client.post(f"/approvals/{step}", data=answer).status_code == 302
        assert "已了结" in client.get(here).text


def test_a_policy_is_adopted_once_and_only_when_it_runs(portal, shop):
    with portal.app_context(), clock.freeze(BEGUN):
        home = session.scalars(sa.select(OrgUnit).filter_by(code="HX-SHOP")).one()
        for code, rule in (("Z01", "overlap"), ("Z02", "runs"), ("A02", "runs")):
            with pytest.raises(Refusal) as refused:
                policy.adopt(home, code, clock.today())
            assert refused.value.problems[0].rule == rule
        session.remove()
