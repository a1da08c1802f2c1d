"""A10: the goods of an order as lines typed with it, which add up to its value."""

from __future__ import annotations

import pytest

from tests.scenarios.a10_desk import CLERK, DEALER, REP, STORE, Dealer, rules
from tests.scenarios.desk import at
from tests.scenarios.editors import opened, sent

POLICY = "A10"
LINES = "shipment_line"
DAY = "2025-10-01 09:00"


@pytest.fixture
def desk(portal, sign_in) -> Dealer:
    made = Dealer(portal, sign_in)
    made.dealer()
    return made


def typed(*rows):
    """What a form sends of lines."""
    told = {f"{LINES}.__rows": str(len(rows))}
    for number, row in enumerate(rows):
        told |= {f"{LINES}.{number}.{name}": value for name, value in row.items()}
    return told


COOLER = {"product": "空调", "specification": "1.5 匹", "quantity": "10", "measure": "台", "unit_price": "2999.99"}
PIPE = {"product": "铜管", "quantity": "3.335", "measure": "米", "unit_price": "10.01"}


def entered(desk, **form):
    """An order typed with its lines in one form."""
    clerk = desk.sign_in(CLERK)
    with at(DAY):
        blank = opened(clerk, "/shipment/add") | {"customer_id": str(desk.customers[DEALER])}
        sent(clerk, "/shipment/add", blank | typed(COOLER, PIPE) | form)
    desk.now = DAY
    return desk.call(CLERK, "GET", f"shipment/?customer_id={desk.customers[DEALER]}&order=-id")["result"][0]


def test_the_value_of_an_order_follows_its_lines(desk):
    order = entered(desk)
    lines = desk.call(CLERK, "GET", f"{LINES}/?shipment_id={order['id']}&order=id")["result"]
    assert [line["amount"] for line in lines] == ["29999.90", "33.38"], "3.335 metres at 10.01, half a cent up"
    assert (order["amount"], order["lines_total"]) == ("30033.28", "30033.28")
    desk.call(CLERK, "PUT", f"{LINES}/{lines[0]['id']}", quantity="20")
    assert desk.call(CLERK, "GET", f"shipment/{order['id']}")["amount"] == "60033.18"
    desk.call(CLERK, "DELETE", f"{LINES}/{lines[1]['id']}")
    row = f"shipment/{order['id']}"
    assert desk.call(CLERK, "GET", row)["amount"] == "59999.80"
    desk.do(CLERK, row, "submit")
    assert desk.call(CLERK, "GET", row)["status"] == "released"


def test_lines_that_do_not_add_up_are_refused_with_both_sums(desk):
    order = entered(desk, amount="30000.00")
    assert (order["amount"], order["lines_total"]) == ("30000.00", "30033.28"), "what was typed stays"
    refused = desk.do(CLERK, f"shipment/{order['id']}", "submit", status=422)
    assert ("amount", "adds_up") in rules(refused)
    told = next(error for error in refused["errors"] if error["rule"] == "adds_up")
    assert ("30,033.28" in told["message"], "30,000.00" in told["message"], told["clause"]) == (True, True, "1; 2")


def test_an_order_names_its_goods_in_lines_or_in_words(desk):
    row, refused = desk.submit("50000.00", DAY, 422, goods="")
    assert ("goods", "required") in rules(refused)
    desk.call(CLERK, "POST", f"{LINES}/", 201, shipment_id=int(row.split("/")[1]), product="空调", quantity="1",
              unit_price="50000")  # fmt: skip
    desk.do(CLERK, row, "submit")
    _row, answer = desk.submit("50000.00", DAY)
    assert answer["status"] == "released", "in words, as before"


def test_after_the_check_lines_stay_and_strangers_never_see_them(desk):
    order = entered(desk)
    line = desk.call(CLERK, "GET", f"{LINES}/?shipment_id={order['id']}")["result"][0]["id"]
    desk.do(CLERK, f"shipment/{order['id']}", "submit")
    for method, path, body in (
        ("PUT", f"{LINES}/{line}", {"quantity": "1"}), ("DELETE", f"{LINES}/{line}", {}),
        ("POST", f"{LINES}/", {"shipment_id": order["id"], "product": "x", "quantity": "1", "unit_price": "1"}),
    ):  # fmt: skip
        refused = desk.call(CLERK, method, path, 422, **body)
        assert ("shipment_id", "locked") in {(e["field"] or "shipment_id", e["rule"]) for e in refused["errors"]}
    desk.call(STORE, "PUT", f"{LINES}/{line}", 403, quantity="1")
    assert desk.call(STORE, "GET", f"{LINES}/{line}")["product"] == "空调"
    desk.call(REP, "GET", f"{LINES}/{line}")
