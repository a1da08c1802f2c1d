"""What a customer file refuses, each with the field and the rule; what its form offers."""

from __future__ import annotations

import re

import pytest
from stdnum.cn import ric

from tests.company import portal
from tests.scenarios.conftest import desk, sign_in
from tests.scenarios.desk import REP, at

__all__ = ["desk", "portal", "sign_in"]
CARD = "11010519491231002X"
PERSON = {"side": "person", "id_no": CARD}


@pytest.fixture(autouse=True)
def _in_october():
    with at("2025-10-10 09:00"):
        yield


@pytest.mark.parametrize(
    ("body", "field", "rule", "said"),
    [
        ({"credit_code": "91110000802100433A"}, "credit_code", "credit_code", "校验码"),
        ({"contact_phone": "1381234567"}, "contact_phone", "phone", "11 位"),
        ({"side": "person", "id_no": "110101199003071000"}, "id_no", "identity", "Excel"),
        ({"side": "person", "id_no": "1.10101199003071E+17"}, "id_no", "identity", "15 位数字"),
        ({"opener_id_no": "110105194912310029"}, "opener_id_no", "identity", "校验码"),
        (PERSON | {"birthday": "1950-01-01"}, "birthday", "contradiction", "1949-12-31"),
        ({"lease_start": "2025-05-01", "lease_end": "2025-04-01"}, "lease_end", "not_before", "租期"),
        ({"consent": False, "rest_time": "12:00-14:00"}, "rest_time", "consent", "未同意"),
        ({"is_member": True}, "member_card_no", "required", "会员"),
        ({"registered_capital": "-1"}, "registered_capital", "money", "0"),
    ],
)
def test_what_is_wrong_is_refused_with_field_and_rule(desk, body, field, rule, said):
    answer = desk.as_(REP).call("POST", "customer/", 422, customer_no="T-1", name="天穹", **body)
    found = [error for error in answer["errors"] if error["field"] == field]
    assert [error["rule"] for error in found] == [rule]
    assert said in found[0]["message"]


def test_foreign_customers_and_passports_have_other_numbers(desk):
    body = {"country": "DE", "credit_code": "HRB 1234", "contact_phone": "12345", "side": "person",
            "id_kind": "passport", "id_no": "C01X00T47"}  # fmt: skip
    made = desk.as_(REP).call("POST", "customer/", 201, customer_no="T-1", name="Weber", **body)
    assert made["credit_code"] == "HRB1234"
    assert made["id_no"] == "C********"


def test_a_residence_permit_is_found_whole_however_it_was_typed(desk):
    rep, number = desk.as_(REP), "81000019900101001"
    number += ric.calc_check_digit(number + "0")
    typed = f" {number[:6]} {number[6:]} "
    rep.call("POST", "customer/", 201, customer_no="T-1", name="陈先生", side="person", id_no=typed)
    found = rep.call("GET", f"customer/?id_no={number}")["result"]
    assert [row["name"] for row in found] == ["陈先生"]
    assert number not in str(found)


def test_nobody_is_recommended_by_himself_however_long_the_way(desk):
    rep = desk.as_(REP)
    first = rep.call("POST", "customer/", 201, customer_no="T-1", name="甲")["id"]
    second = rep.call("POST", "customer/", 201, customer_no="T-2", name="乙", referred_by_id=first)["id"]
    third = rep.call("POST", "customer/", 201, customer_no="T-3", name="丙", referred_by_id=second)["id"]
    rep.call("PUT", f"customer/{first}", 422, referred_by_id=third)
    rep.call("PUT", f"customer/{first}", 422, group_head_id=first)
    rep.call("PUT", f"customer/{third}", referred_by_id=first)


def test_a_form_offers_what_a_policy_here_asks_for_and_what_is_filled(desk):
    rep = desk.as_(REP)
    names = set(re.findall(r' name="(\w+)"', rep.client.get("/customer/add").text))
    assert {"customer_no", "credit_code", "id_no", "contact_phone"} <= names
    assert not names & {"loan_balance", "lease_start", "registered_capital", "channels"}
    made = rep.call("POST", "customer/", 201, customer_no="T-1", name="甲", loan_balance="100.00", channels=["phone"])
    names = set(re.findall(r' name="(\w+)"', rep.client.get(f"/customer/{made['id']}/edit").text))
    assert {"loan_balance", "channels"} <= names
    assert "daily_avg_deposit" not in names
    version = {"row_version": made["row_version"], "name": "乙", "channels": ["phone"]}
    assert rep.client.post(f"/customer/{made['id']}/edit", data=version).status_code == 302
    now = rep.call("GET", f"customer/{made['id']}")
    assert (now["name"], now["loan_balance"], now["channels"]) == ("乙", "100.00", ["phone"])


def test_persons_of_a_customer_follow_the_same_rules(desk):
    rep, key = desk.as_(REP), next(iter(desk.customers.values()))
    rep.call("POST", "customer_person/", 422, customer_id=key, name="王五", position="shareholder")
    rep.call("POST", "customer_person/", 422, customer_id=key, name="王五", position="principal", id_no="123")
    body = {"customer_id": key, "name": "苏州母公司", "position": "shareholder", "share_percent": "60"}
    rep.call("POST", "customer_person/", 201, **body, id_no="91110000802100433B")
    page = rep.client.get(f"/customer/{key}").text
    assert 'id="tab-customer_person"' in page
    assert "苏州母公司" not in page
