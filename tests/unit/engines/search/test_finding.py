"""Rows are found by words within the reach of a person, on both databases; tokens follow every change."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.core import lookups, saving
from app.core.db import session
from app.core.register import registers
from app.engines.audit.operations import bulk_change
from app.engines.people.models import OrgUnit
from app.engines.search import operations
from app.engines.search.models import SearchToken
from app.engines.search.sweeps import fill
from tests.company import inside, portal
from tests.scenarios.conftest import Person
from tests.small import counted

__all__ = ["inside", "portal"]


def customer(name, number, **over):
    made = saving.create(registers()["customer"], {"customer_no": number, "name": name} | over).record
    session.commit()
    return made


def names(text):
    return [row["text"] for row in lookups.look_up("customer", text, "1")["results"]]


def tokens(row):
    return set(session.scalars(sa.select(SearchToken.token).where(
        SearchToken.register == "customer", SearchToken.row_id == row.id)))  # fmt: skip


def test_names_are_found_in_chinese_by_initials_and_by_number(inside):
    customer("杭州曾氏热力有限公司", "T-0318", short_name="曾热", contact_phone="0571-62349913")
    for text in ("曾氏", "热力", "zsrl", "csrl", "hzzs", "热力有限", "T-0318", "0318", "318", "曾热", "9913",
                 "057162349913", "0571 62349913", "杭州 热力"):
        assert names(text) == ["杭州曾氏热力有限公司"], text
    assert names("氏曾") == []


def test_those_that_begin_with_the_text_come_first(inside):
    customer("甲子丑寅", "T-1")
    customer("子丑寅卯", "T-2")
    assert names("子丑") == ["子丑寅卯", "甲子丑寅"]


def test_tokens_follow_a_change_and_a_deletion(inside):
    made = customer("天穹灯具", "T-1", contact_phone="13812345678")
    assert names("天穹") == ["天穹灯具"]
    saving.update(made, {"name": "地轴灯具", "contact_phone": "13912340000"}, None)
    session.commit()
    assert (names("天穹"), names("地轴"), names("5678"), names("0000")) == ([], ["地轴灯具"], [], ["地轴灯具"])
    left = made.id
    saving.delete(made)
    session.commit()
    of_customer = sa.select(SearchToken.row_id).where(SearchToken.register == "customer")
    assert not session.scalar(of_customer.where(SearchToken.row_id == left).limit(1))


def test_a_transaction_that_fails_leaves_no_tokens(inside):
    saving.create(registers()["customer"], {"customer_no": "T-9", "name": "玄武灯具"})
    session.rollback()
    assert not session.scalar(sa.select(SearchToken.row_id).where(SearchToken.token == "c玄武"))


def test_rows_that_came_in_by_bulk_are_found_after_the_sweep(inside):
    unit, table = session.scalar(sa.select(sa.func.min(OrgUnit.id))), registers()["customer"].model.__table__
    rows = [{"customer_no": f"B-{n}", "name": f"朱雀{n}号厂", "side": "buyer", "country": "CN", "unit_id": unit}
            for n in range(30)]  # fmt: skip
    session.execute(sa.insert(table), rows)
    session.commit()
    assert names("朱雀") == []
    with counted() as sent:
        assert sum(done["hit"] for done in fill(None)) == 30
    # one for each register that has an index, and those for the rows of this one
    assert len(sent) <= 8 + len(list(operations.searched()))
    assert len(names("朱雀")) == 20
    assert list(fill(None)) == []


def test_the_command_mends_what_is_wrong_and_leaves_the_rest(portal, inside):
    made = customer("白虎灯具", "T-1")
    right = tokens(made)
    with bulk_change("test"):
        session.execute(sa.delete(SearchToken).where(SearchToken.row_id == made.id, SearchToken.token == "c白虎"))
        session.execute(sa.insert(SearchToken), [
            {"register": "customer", "row_id": made.id, "token": "c青龙"},
            {"register": "customer", "row_id": 10**6, "token": "c白虎"},
        ])  # fmt: skip
    session.commit()
    answer = portal.test_cli_runner().invoke(args=["search", "rebuild", "customer"])
    assert answer.exit_code == 0
    assert "customer: " in answer.output
    session.rollback()
    assert tokens(made) == right
    assert not session.scalar(sa.select(SearchToken.token).where(SearchToken.row_id == 10**6))
    assert portal.test_cli_runner().invoke(args=["search", "rebuild", "nowhere"]).exit_code == 1


@pytest.mark.parametrize("path", ["lookup/customer?q=", "customer/?q="])
def test_nobody_finds_what_lies_outside_his_reach(portal, path):
    with portal.app_context():
        from app.engines.people.models import Employee

        rep = session.scalars(sa.select(Employee).where(Employee.name == "许文静")).one()
        for number, owner in (("T-1", rep.id), ("T-2", None)):
            made = customer(f"麒麟{number}厂", number)
            made.owner_id, made.unit_id = owner, rep.unit_id
        session.commit()
        operations.fill_all()
    person = Person(portal, "xuwenjing")
    for text in ("麒麟", "qlt", "T-1", "麒麟T"):
        answer = person.call("GET", path + text)
        found = [row.get("text") or row["name"] for row in answer.get("results") or answer["result"]]
        assert found == ["麒麟T-1厂"], text
    page = person.client.get("/find/?q=qilin").text + person.client.get("/find/?q=麒麟").text
    assert "麒麟T-1厂" in page
    assert "麒麟T-2厂" not in page


def test_a_search_costs_the_same_statements_however_long_it_is(inside):
    customer("苏州启衡电子有限公司", "T-1")
    with counted() as short:
        names("启衡")
    with counted() as long:
        names("苏州启衡电子有限公司")
    assert len(long) <= len(short) + 1
