"""A05: three years after the last purchase a file is made anonymous, whatever it was found by before."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.areas.customers.operations import Customer
from app.core.db import session
from app.engines.search.models import SearchToken
from tests.scenarios.a05_desk import GUIDE, MANAGER, Store
from tests.scenarios.desk import at, sweep

POLICY = "A05"


@pytest.fixture
def store(sign_in, portal) -> Store:
    return Store(sign_in)


def test_a_file_is_made_anonymous_three_years_after_the_last_purchase(store, portal):
    """2: name, telephone, answers and tokens go; number, sums and dates stay; the list of the year names the file."""
    gone = store.customer(901, contact_name="纪念慈", contact_phone="13812340901", consent=True)
    kept = store.customer(902, contact_name="范留存", contact_phone="13812340902", consent=True)
    with portal.app_context():
        for key, day in ((gone, "2022-09-30"), (kept, "2022-10-01")):
            session.get_one(Customer, key).last_buy_on = sa.Date().python_type.fromisoformat(day)
        session.commit()
        session.remove()
    found = store.call(GUIDE, "GET", "customer/?q=0901")["result"]
    assert [row["id"] for row in found] == [gone]
    assert sweep(portal, "loyalty.anonymise", "2025-10-01 02:50").counts["hit"] == 1
    assert sweep(portal, "loyalty.anonymise", "2025-10-01 02:51").counts.get("hit", 0) == 0
    store.now = "2025-10-01 09:00"
    row = store.row(f"customer/{gone}")
    assert (row["name"], row["standing"], row["anonymised_on"]) == (row["customer_no"], "closed", "2025-10-01")
    assert row["last_buy_on"] == "2022-09-30"
    assert store.row(f"customer/{kept}")["name"] == "顾客902"
    assert store.call(GUIDE, "GET", "customer/?q=0901")["result"] == [] or row["customer_no"].endswith("0901")
    with portal.app_context():
        file = session.get_one(Customer, gone)
        assert [getattr(file, name) for name in file.register.personal] == [None] * len(file.register.personal)
        tokens = set(session.scalars(sa.select(SearchToken.token).filter_by(register="customer", row_id=gone)))
        session.remove()
    assert not {token for token in tokens if token.startswith(("h", "c顾", "p"))}
    listed = store.call(MANAGER, "GET", "report/A05.anonymised?period=2025")["result"]
    assert [line["customer_no"] for line in listed] == [row["customer_no"]]
    assert "匿名" in portal_text(store, gone)


def portal_text(store: Store, customer: int) -> str:
    """The page of a customer, with its history."""
    with at(store.now):
        return str(store.sign_in(MANAGER).client.get(f"/customer/{customer}").get_data(as_text=True))
