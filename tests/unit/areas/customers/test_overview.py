"""The customer in one view: what each area knows, within the reader's reach, for the same number of statements."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from app.areas.customers import duplicates
from app.core.db import session
from app.core.register import registers
from app.engines.audit.operations import bulk_change
from tests.company import portal
from tests.scenarios.conftest import desk, sign_in
from tests.scenarios.desk import CONTROL, MANAGER, REP, at
from tests.small import counted

__all__ = ["desk", "portal", "sign_in"]


@pytest.fixture(autouse=True)
def _in_october():
    with at("2025-10-10 09:00"):
        yield


def figures(page: str) -> dict[str, str]:
    """The figures of the page by their label."""
    found = re.findall(r'<span class="kz-sub">([^<]+)</span><b[^>]*>([^<]+?)(?: <small>|</b>)', page)
    return {label: value.strip() for label, value in found}


def page(person, key):
    answer = person.client.get(f"/customer/{key}")
    assert answer.status_code == 200
    return answer.text


def test_figures_and_lists_come_from_what_is_registered(desk):
    rep, key = desk.as_(REP), next(iter(desk.customers.values()))
    case = desk.accepted(customer_id=key)
    desk.open(customer_id=key)
    log = {"contacted_at": "2025-10-09T10:00", "direction": "out", "means": "phone", "outcome": "reached",
           "content": "询问进度", "customer_id": key}  # fmt: skip
    desk.as_(CONTROL).call("POST", "contact_log/", 201, **log)
    shown = page(rep, key)
    assert figures(shown)["在办投诉"] == "2"
    assert figures(shown)["近 12 个月投诉"] == "2"
    number = rep.call("GET", f"complaint/{case}")["number"]
    assert shown.count(f">{number}</a>") == 2
    assert 'id="tab-complaint"' in shown
    assert figures(page(desk.as_(CONTROL), key))["最近联系"] == "10-09 10:00"


def test_nobody_reads_of_cases_beyond_his_reach(portal, desk):
    key = next(iter(desk.customers.values()))
    desk.open(customer_id=key)
    with portal.app_context(), bulk_change("test"):
        session.execute(sa.update(registers()["complaint"].model).values(owner_id=None))
        session.commit()
    shown = page(desk.as_(REP), key)
    assert figures(shown)["在办投诉"] == "0"
    assert 'id="tab-complaint"' not in shown
    assert figures(page(desk.as_(MANAGER), key))["在办投诉"] == "1"


def test_a_customer_with_many_cases_costs_the_same_statements(portal, desk):
    rep, key = desk.as_(REP), next(iter(desk.customers.values()))
    desk.open(customer_id=key)
    page(rep, key)
    with portal.app_context():
        with counted() as few:
            page(rep, key)
        model = registers()["complaint"].model
        row = dict(session.execute(sa.select(model.__table__).limit(1)).mappings().one())
        row |= {"number": None, "case_no": None}
        session.execute(sa.insert(model.__table__), [{k: v for k, v in row.items() if k != "id"} for _n in range(200)])
        session.commit()
        with counted() as many:
            page(rep, key)
    assert figures(page(rep, key))["在办投诉"] == "201"
    assert len(many) <= len(few)
    assert len(many) <= 40


def test_a_company_of_an_earlier_version_gets_the_key_of_its_name(portal, desk):
    with portal.app_context():
        table = registers()["customer"].model.__table__
        with bulk_change("test"):
            session.execute(sa.update(table).values(name_key=None))
        duplicates.fill_name_keys()
        session.commit()
        left = sa.select(sa.func.count()).select_from(table).where(table.c.name_key.is_(None), table.c.side != "person")
        assert session.scalar(left) == 0
