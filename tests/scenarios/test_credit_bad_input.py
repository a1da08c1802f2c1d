"""What credit refuses, by form, REST and import alike: field, rule and clause are named, and nothing is half saved."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from markupsafe import escape

from app.areas.credit.over_limit_case import OverLimitCase
from app.areas.customers.customer import Customer
from app.core import moves
from app.core.db import Model, session
from app.core.register import registers
from tests.scenarios import a03_desk as a03
from tests.scenarios.a03_desk import Credit, day
from tests.scenarios.a10_desk import CLERK, DEALER, FINANCE, REGION, REP, SALES, Dealer
from tests.scenarios.desk import at

POLICY = "A03+A10"
NOW = "2025-10-09 09:00"
PARTNER = "GX0101"
PLEDGE = {"kind": "real_estate", "description": "仓库一栋", "purpose": "new_credit", "appraised_value": "200000.00",
          "certificate_no": "苏常 房-001", "registered_on": "2025-09-01"}  # fmt: skip
LIMIT = {"purpose": "request", "kind": "temporary", "direction": "credit_sale", "requested_limit": "1000.00",
         "reason": "旺季备货"}  # fmt: skip
RECEIPT = {"received_on": "2025-10-09", "amount": "100.00", "method": "transfer"}


class Ways:
    """One row put in by REST, on the form and as a table, by one person at one time."""

    def __init__(self, portal, sign_in, now: str = NOW) -> None:
        self.portal, self.sign_in, self.now = portal, sign_in, now
        with portal.app_context():
            self.customers = dict(session.execute(sa.select(Customer.customer_no, Customer.id)).all())
            session.remove()

    def counts(self) -> tuple[int, ...]:
        """How many rows each register has but those of imports; one statement."""
        kept = [table for name, table in Model.metadata.tables.items()
                if name in registers() and not name.startswith("import_")]  # fmt: skip
        with self.portal.app_context():
            each = [sa.select(sa.func.count()).select_from(table).scalar_subquery() for table in kept]
            found = session.execute(sa.select(*each)).one()
            session.remove()
        return tuple(found)

    def refuses(self, who: str, slug: str, field: str, rule: str, clause: str | None, **body: Any) -> str:
        """Refused each way for the same reason; the sentence of REST."""
        before = self.counts()
        with at(self.now):
            client = self.sign_in(who).client
            rest = client.post(f"/api/v1/{slug}/", json=body)
            form = client.post(f"/{slug}/add", data=body)
            told = self._errors(rest, field)
            run = self.table(who, slug, [body])
            staged = client.get(f"/api/v1/imports/run/{run}/rows?verdict=bad").json["result"]
            done = client.post(f"/api/v1/imports/run/{run}/commit", json={})
        assert (told["rule"], told["clause"]) == (rule, clause)
        assert form.status_code == 422
        assert str(escape(told["message"])) in form.text
        [row] = staged
        again = next(error for error in row["errors"] if error["field"] == field)
        assert again["rule"] in (rule, "ref", "text", "personal")
        assert 400 <= done.status_code < 500
        assert self.counts() == before
        return str(told["message"])

    @staticmethod
    def _errors(answer: Any, field: str) -> dict[str, Any]:
        assert answer.status_code == 422, answer.text
        return next(error for error in answer.json["errors"] if error["field"] == field)

    def table(self, who: str, slug: str, rows: list[dict[str, Any]]) -> int:
        """Upload rows as a table; the run."""
        lines = [",".join(rows[0])]
        lines += [",".join(f"#{v}" if k.endswith("_id") else str(v) for k, v in row.items()) for row in rows]
        data = {"mode": "add", "file": (io.BytesIO("\n".join(lines).encode()), "rows.csv")}
        sent = self.sign_in(who).client.post(f"/api/v1/imports/{slug}", data=data, content_type="multipart/form-data")
        assert sent.status_code == 201, sent.text
        return int(sent.json["id"])


@pytest.fixture
def ways(portal, sign_in) -> Ways:
    return Ways(portal, sign_in)


@pytest.fixture
def credit(sign_in, portal) -> Credit:
    return Credit(sign_in, portal)


@pytest.fixture
def desk(portal, sign_in) -> Dealer:
    return Dealer(portal, sign_in, NOW)


def error(answer: Any) -> tuple[str | None, str, str | None]:
    """Field, rule and clause of the one problem."""
    [found] = answer["errors"]
    return found["field"], found["rule"], found["clause"]


def written(desk: Dealer, told: dict[str, Any]) -> str:
    """A receipt as finance writes it down."""
    with at(desk.now):
        made = desk.sign_in(FINANCE).client.post("/api/v1/receipt/", json=told)
    assert made.status_code == 201, made.text
    return f"receipt/{made.json['id']}"


def test_a_limit_below_nothing(ways):
    told = LIMIT | {"customer_id": ways.customers[PARTNER], "requested_limit": "-1.00"}
    text = ways.refuses(a03.MANAGER, "credit_request", "requested_limit", "money", "第25条", **told)
    assert "申请额度" in text or "Limit requested" in text


def test_days_of_limits_in_order_and_never_twice(ways, credit):
    credit.line(credit.one, "5000", request_no="CR-9")
    told = LIMIT | {"customer_id": credit.one, "valid_from": "2025-12-01", "valid_to": "2025-11-30"}
    ways.refuses(a03.MANAGER, "credit_request", "valid_to", "not_before", "第25条; 第42条", **told)
    told = told | {"valid_from": "2025-12-31", "valid_to": "2026-03-31"}
    text = ways.refuses(a03.MANAGER, "credit_request", "valid_from", "overlap", "第25条; 第42条", **told)
    assert "CR-9" in text
    later = credit.request(credit.one, "1000.00", 422, valid_from="2026-01-01", valid_to="2026-03-31")
    assert "valid_from" not in {problem["field"] for problem in later["errors"]}


def test_special_limits_of_one_customer_never_add_up(desk):
    desk.eligible()
    desk.shipped("2025-08-01", "10000.00")
    asked = {"customer_id": desk.customers[DEALER], "purpose": "special", "requested_limit": "500.00", "reason": "特批"}
    first, second = (f"credit_request/{desk.call(REP, 'POST', 'credit_request/', 201, **asked)['id']}" for _n in "12")
    for row in (first, second):
        desk.do(REP, row, "submit")
        desk.decide(REGION, row)
    wrong = {"approved_limit": "-5.00", "valid_from": "2025-10-09", "valid_to": "2025-10-20"}
    assert error(desk.decide(SALES, first, status=422, values=wrong)) == ("approved_limit", "money", "1.4.2")
    days = {"approved_limit": "500.00", "valid_from": "2025-10-09", "valid_to": "2025-10-20"}
    back = days | {"valid_to": "2025-10-08"}
    assert error(desk.decide(SALES, first, status=422, values=back)) == ("valid_to", "not_before", "1.4.2")
    desk.decide(SALES, first, values=days)
    over = days | {"valid_from": "2025-10-20", "valid_to": "2025-10-31"}
    assert error(desk.decide(SALES, second, status=422, values=over)) == ("valid_from", "overlap", "1.4.2")
    assert desk.call(SALES, "GET", second)["status"] == "pending"
    desk.decide(SALES, second, values=over | {"valid_from": "2025-10-21"})


def test_one_rating_and_one_hold_at_a_time(ways, credit):
    credit.surveyed(credit.one)
    credit.call(a03.MANAGER, "POST", "credit_rating/", 201, customer_id=credit.one)
    assert error(credit.call(a03.MANAGER, "POST", "credit_rating/", 422, customer_id=credit.one)) == (
        "customer_id", "one_open", "第13条",
    )  # fmt: skip
    hold = {"kind": "hold", "customer_id": credit.one, "reason": "逾期"}
    credit.call(a03.MANAGER, "POST", "credit_hold/", 201, **hold)
    ways.refuses(a03.MANAGER, "credit_hold", "customer_id", "one_open", "第32条; 第38条", **hold)


def test_a_receipt_above_what_is_owed_is_named_as_a_prepayment(ways, desk):
    unpaid = desk.shipped("2025-10-01", "60.00")
    told = RECEIPT | {"customer_id": desk.customers[DEALER]}
    text = ways.refuses(FINANCE, "receipt", "amount", "above_owed", "2.2.3", **told)
    assert "60.00" in text
    assert "40.00" in text
    row = written(desk, told | {"amount": "60.00"})
    assert error(desk.call(FINANCE, "PUT", row, 422, amount="60.01")) == ("amount", "above_owed", "2.2.3")
    desk.paid("1.00", NOW)
    assert error(desk.do(FINANCE, row, "confirm", status=422)) == ("amount", "above_owed", "2.2.3")
    kept = desk.call(FINANCE, "GET", row)
    assert (kept["status"], kept["allocated"], kept["amount"]) == ("draft", "0.00", "60.00")
    deposit = desk.paid("100.00", NOW, prepayment_for="DD-7")
    assert desk.call(FINANCE, "GET", deposit)["unapplied"] == "100.00"
    number = desk.call(FINANCE, "GET", unpaid)["shipment_no"]
    more = {"pay_shipment_no": number, "pay_amount": "59.01"}
    assert desk.do(FINANCE, deposit, "pay_chosen", status=422, **more)["errors"][0]["rule"] == "above_owed"
    desk.do(FINANCE, deposit, "pay_chosen", **more | {"pay_amount": "59.00"})
    assert desk.call(FINANCE, "GET", unpaid)["status"] == "settled"


def test_no_more_of_a_deal_is_settled_than_it_came_to(credit):
    deal = {"customer_id": credit.one, "amount": Decimal(100), "outstanding": Decimal(100), "status": "open",
            "started_on": day("2025-10-01")}  # fmt: skip
    row = f"credit_deal/{credit.lay_in('credit_deal', **deal)}"
    assert error(credit.call(a03.FINANCE, "PUT", row, 422, settled_amount="100.01")) == (
        "settled_amount", "not_above", "第23条",
    )  # fmt: skip
    assert credit.row(row)["outstanding"] == "100.00"


def test_a_customer_of_another_company_is_no_customer(ways):
    ours, theirs = ways.customers[DEALER], ways.customers[PARTNER]
    order = {"amount": "100.00", "goods": "空调"}
    deal = {"kind": "credit_sale", "amount": "100.00", "started_on": "2025-10-09"}
    for who, slug, foreign, body in (
        (CLERK, "shipment", theirs, order), (FINANCE, "receipt", theirs, RECEIPT),
        (a03.SALES, "credit_deal", ours, deal), (a03.FINANCE, "receipt", ours, RECEIPT),
    ):  # fmt: skip
        with at(NOW):
            client = ways.sign_in(who).client
            told, nobody = (ways._errors(client.post(f"/api/v1/{slug}/", json=body | {"customer_id": key}),
                                         "customer_id") for key in (foreign, 987654))  # fmt: skip
            assert told["rule"] == nobody["rule"] == "reference"
            assert told["message"].replace(str(foreign), "…") == nobody["message"].replace("987654", "…")
            assert client.get(f"/api/v1/customer/{foreign}").status_code == 404
    for who, slug, body in ((CLERK, "shipment", order), (FINANCE, "receipt", RECEIPT | {"prepayment_for": "DD"})):
        ways.refuses(who, slug, "customer_id", "reference", {"shipment": "2", "receipt": "2.2.3; 4"}[slug],
                     customer_id=theirs, **body)  # fmt: skip


def test_what_is_pledged_is_not_pledged_again(ways, credit):
    told = PLEDGE | {"customer_id": credit.one}
    credit.call(a03.MANAGER, "POST", "collateral/", 201, **told)
    again = told | {"customer_id": credit.two, "certificate_no": "苏常房００１"}
    ways.refuses(a03.MANAGER, "collateral", "certificate_no", "pledged_once", "第27条", **again)
    before = ways.counts()
    with at(NOW):
        new = [told | {"certificate_no": "苏锡房-7"}, again | {"certificate_no": "苏锡 房7"}]
        run = ways.table(a03.MANAGER, "collateral", new)
        done = ways.sign_in(a03.MANAGER).client.post(f"/api/v1/imports/run/{run}/commit", json={})
    assert 400 <= done.status_code < 500 or done.json["state"] != "done", done.text
    assert ways.counts() == before


def test_nothing_is_dated_into_a_month_that_was_compared(ways, credit):
    """A03 第35条: the statement of September was compared; a receipt of it is not taken back either."""
    old = {"customer_id": credit.one, "amount": Decimal(100)}
    receipt = f"receipt/{credit.lay_in('receipt', **old, status='confirmed', received_on=day('2025-09-12'))}"
    sent = f"shipment/{credit.lay_in('shipment', **old, status='entered', invoice_date=day('2025-09-12'))}"
    deal = {"outstanding": Decimal(100), "status": "open", "started_on": day("2025-09-12")}
    used = f"credit_deal/{credit.lay_in('credit_deal', **old, **deal)}"
    statement = {"kind": "balance", "customer_id": credit.one, "as_of": day("2025-09-30"), "our_balance": Decimal(100)}
    row = f"account_reconciliation/{credit.lay_in('account_reconciliation', **statement, status='sent')}"
    credit.do(a03.FINANCE, row, "compare", NOW, partner_balance="100.00")
    number = credit.row(row, a03.FINANCE)["reconciliation_no"]
    in_it = {"customer_id": credit.one, "amount": "100.00"}
    for who, slug, field, more in (
        (a03.FINANCE, "receipt", "received_on", {}), (a03.FINANCE, "shipment", "invoice_date", {}),
        (a03.SALES, "credit_deal", "started_on", {"kind": "credit_sale"}),
    ):  # fmt: skip
        body = in_it | {field: "2025-09-30"} | more
        if who == a03.FINANCE:
            assert number in ways.refuses(who, slug, field, "closed_period", "第35条", **body)
        else:
            told = Ways._errors(ways.sign_in(who).client.post(f"/api/v1/{slug}/", json=body), field)
            assert (told["rule"], told["clause"]) == ("closed_period", "第35条")
        credit.call(who, "POST", f"{slug}/", 201, **body | {field: "2025-10-01"})
    closed = "closed_period", "第35条"
    assert error(credit.do(a03.FINANCE, receipt, "reverse", NOW, 422, reason="退票")) == ("received_on", *closed)
    assert error(credit.do(a03.FINANCE, sent, "deliver", NOW, 422)) == ("invoice_date", *closed)
    assert error(credit.do(a03.FINANCE, used, "settle", NOW, 422, settled_on="2025-09-30")) == ("settled_on", *closed)
    assert [credit.row(one, a03.FINANCE)["status"] for one in (receipt, sent, used)] == ["confirmed", "entered", "open"]
    credit.do(a03.FINANCE, used, "settle", NOW, settled_on="2025-10-09")


def test_nothing_is_dated_into_a_cleared_year_or_a_settled_month(ways, desk):
    """A10 1.1.3, 4.1: a year that was cleared, and the month whose last order above the limit was settled."""
    desk.shipped("2025-10-01", "500.00")
    told = RECEIPT | {"customer_id": desk.customers[DEALER], "received_on": "2025-09-30"}
    early = written(desk, told)
    with ways.portal.app_context(), at(NOW):
        customer = session.get_one(Customer, desk.customers[DEALER])
        begun = moves.begin(registers()["over_limit_case"], customer.unit_id)
        session.add(OverLimitCase(
            customer_id=customer.id, unit_id=customer.unit_id, opened_on=dt.date(2025, 9, 10), stage="defaulted",
            status="defaulted", last_due_on=dt.date(2025, 9, 30), unpaid_at_due=Decimal(100), case_no="CZ-9",
            policy=begun.policy, pack_version_id=begun.pack_version_id, adopter_id=begun.adopter_id,
        ))  # fmt: skip
        session.commit()
        session.remove()
    assert "CZ-9" in ways.refuses(FINANCE, "receipt", "received_on", "closed_period", "4.1", **told)
    assert error(desk.do(FINANCE, early, "confirm", status=422)) == ("received_on", "closed_period", "4.1")
    desk.call(FINANCE, "PUT", early, 200, received_on="2025-10-01")
    desk.do(FINANCE, early, "confirm")
    year = {"kind": "prior_year", "customer_id": desk.customers[DEALER], "year": 2024}
    clearing = f"account_reconciliation/{desk.call(FINANCE, 'POST', 'account_reconciliation/', 201, **year)['id']}"
    desk.do(FINANCE, clearing, "confirm")
    ways.refuses(FINANCE, "receipt", "received_on", "closed_period", "1.1.3", **told | {"received_on": "2024-12-31"})
    desk.do(FINANCE, early, "reverse", reason="退票")
    lines = desk.call(FINANCE, "GET", f"receipt_allocation/?receipt_id__eq={early.split('/')[1]}&order=id")["result"]
    assert [(line["amount"], line["value_date"]) for line in lines] == [("100.00", "2025-10-01"),
                                                                       ("-100.00", "2025-10-09")]  # fmt: skip


def test_an_identity_number_that_a_sheet_has_rounded(ways):
    told = {"customer_no": "GD-NEW", "name": "新客户", "side": "buyer", "country": "CN"}
    for number in ("1.10101199003071E+17", "110101199003071000"):
        text = ways.refuses(REGION, "customer", "opener_id_no", "identity", "GB 11643", **told, opener_id_no=number)
        assert "Excel" in text
