"""Receipts, shipments and contracts come in from the company's ERP as tables, and each keeps the rules of its form."""

from __future__ import annotations

import io
import re

import pytest
import sqlalchemy as sa

from app.areas.credit.receipt import Receipt
from app.areas.customers.customer import Customer
from app.core.db import session
from app.engines.exchange.models import ImportRow, ImportRun
from tests.company import portal
from tests.portal import enter
from tests.scenarios.a10_desk import CLERK, DEALER, FINANCE, Dealer
from tests.scenarios.conftest import sign_in
from tests.scenarios.desk import at

__all__ = ["portal", "sign_in"]
POLICY = "A10"
NOW = "2025-10-10 09:00"


@pytest.fixture
def desk(portal, sign_in) -> Dealer:
    return Dealer(portal, sign_in)


def bring_in(portal, who, slug, text, *, good_only=False):
    """Upload and confirm; the run's figures and what is wrong with its rows."""
    with at(NOW):
        client = enter(portal, who)
        client.get("/lang/en")
        data = {"mode": "add", "file": (io.BytesIO(text.encode("gb18030")), "erp.csv")}
        sent = client.post(f"/imports/{slug}", data=data, content_type="multipart/form-data")
        assert sent.status_code == 302, sent.get_data(as_text=True)
        run = int(re.search(r"/run/(\d+)", sent.headers["Location"])[1])
        client.post(f"/imports/run/{run}/commit", data={"good_only": str(good_only).lower()})
    with portal.app_context():
        found = session.get(ImportRun, run)
        wrong = sa.select(ImportRow).filter_by(run_id=run, verdict="bad")
        bad = session.scalars(wrong.order_by(ImportRow.row_no)).all()
        told = [(row.row_no, row.problems[0]["field"], row.problems[0]["rule"]) for row in bad]
        figures = found.state, found.saved, told
        session.remove()
    return figures


def test_receipts_of_the_erp(portal, desk):
    desk.dealer()
    lines = [
        f"{DEALER},2025-10-08,12000.50,Bank transfer,",
        f"{DEALER},2025-10-09,-5,Bank transfer,",
        f"{DEALER},2025-12-31,100,Bank transfer,",
        "NOBODY,2025-10-09,100,Bank transfer,",
        f"{DEALER},2025-10-09,1.2E+15,Bank transfer,",
        f"{DEALER},2025-10-09,80,Beads,",
        f"{DEALER},2025/10/9,\"1,000\",现金,ERP-77",
    ]  # fmt: skip
    text = "\n".join(["Customer,Value date,Amount received,Paid by,Note", *lines])
    state, saved, told = bring_in(portal, FINANCE, "receipt", text)
    assert (state, saved) == ("ready", {})
    assert told == [
        (3, "amount", "money"), (4, "received_on", "not_future"), (5, "customer_id", "ref"), (6, "amount", "money"),
        (7, "method", "choice"),
    ]  # fmt: skip
    assert bring_in(portal, FINANCE, "receipt", text, good_only=True)[:2] == ("done", {"new": 2})
    with portal.app_context():
        rows = session.scalars(sa.select(Receipt).order_by(Receipt.id)).all()[-2:]
        customer = session.scalars(sa.select(Customer).filter_by(customer_no=DEALER)).one()
        assert [(str(row.amount), row.method, row.status) for row in rows] == [
            ("12000.50", "transfer", "draft"), ("1000.00", "cash", "draft"),
        ]  # fmt: skip
        assert {(row.customer_id, row.unit_id, row.policy) for row in rows} == {(customer.id, customer.unit_id, "A10")}
        key = rows[0].id
        session.remove()
    assert desk.do(FINANCE, f"receipt/{key}", "confirm", NOW)["status"] == "confirmed"


def test_shipments_of_the_erp_pass_the_same_check(portal, desk):
    desk.dealer()
    text = f"Customer,Value of the goods,Order number\n{DEALER},150000.01,ERP-2025-881\n"
    assert bring_in(portal, CLERK, "shipment", text) == ("done", {"new": 1}, [])
    with portal.app_context():
        key = session.scalar(sa.text("select max(id) from shipment"))
        session.remove()
    answer = desk.do(CLERK, f"shipment/{key}", "submit", NOW, 422)
    assert {error["rule"] for error in answer["errors"]} >= {"within"}
