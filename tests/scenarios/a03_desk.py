"""The posts of A03 at their desks: what is on record of a customer is laid in, every step is taken by REST."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.core.db import session
from app.core.register import registers
from app.engines.people.models import OrgUnit
from app.engines.policy import operations as policy
from tests.scenarios.c07_desk import Office
from tests.scenarios.desk import at

SALES, OTHER, SUPERVISOR, MANAGER = "gxxuqian", "gxlinbo", "gxtaoyong", "gxhelan"
CONTROLLER, FINANCE, REVIEWER = "gxcuiying", "gxpengjie", "gxduanrui"
VP, CFO, GM, CHAIRMAN = "gxwuzhen", "gxsongyi", "gxfanghao", "gxjiangheng"
NOW = "2025-10-09 09:00"
KNOWN = {
    "basic_info": "一般纳税人", "principals": "沈万宁 60%", "bank_accounts": "农行常州支行", "operation": "稳定",
    "finance": "良好", "dealings": "按月往来", "credit_record": "无不良", "key_data_complete": True,
    "truth_declared": True,
}  # fmt: skip


class Credit(Office):
    """The company at work; customers by name."""

    def __init__(self, sign_in: Any, portal: Any, now: str = NOW) -> None:
        super().__init__(sign_in, "A03", MANAGER, now)
        self.portal = portal
        rows = self.call(MANAGER, "GET", "customer/?size=100")["result"]
        self.customers = {row["customer_no"]: row["id"] for row in rows}
        self.one, self.two, self.three, self.four, self.five = (self.customers[f"GX010{n}"] for n in range(1, 6))
        self.setting("base_year_cap", "100000000")

    # -- what is on record ---------------------------------------------------------------------------------------

    def setting(self, key: str, value: str) -> None:
        """Give the company another value of a setting, for a year now."""
        with self.portal.app_context(), at("2025-01-01 09:00"):
            unit = session.scalars(sa.select(OrgUnit).filter_by(code="GX")).one()
            policy.set_parameter(unit, "A03", key, value, "年初核定")
            session.commit()

    def lay_in(self, slug: str, **values: Any) -> int:
        """A row as it stands, whatever led to it; the id."""
        with self.portal.app_context(), at(self.now):
            unit = session.scalars(sa.select(OrgUnit).filter_by(code="GX-YX")).one()
            adopter = session.scalars(sa.select(OrgUnit).filter_by(code="GX")).one()
            model = registers()[slug].model
            shared: dict[str, Any] = {"unit_id": unit.id}
            if registers()[slug].from_pack:
                version = policy.current_version("A03", dt.date.fromisoformat(self.now[:10]))
                assert version is not None
                shared |= {"policy": "A03", "pack_version_id": version.id, "adopter_id": adopter.id}
            row = model(**shared | values)
            session.add(row)
            session.commit()
            return int(row.id)

    def known(self, customer: int, **values: Any) -> None:
        """What the file of a customer says."""
        with self.portal.app_context(), at(self.now):
            row = session.get_one(registers()["customer"].model, customer)
            for name, value in values.items():
                setattr(row, name, value)
            session.commit()

    def surveyed(self, customer: int, on: str = "2025-09-30", refresh: str = "2025-12-31", **over: Any) -> int:
        """A filed survey."""
        told: dict[str, Any] = KNOWN | {
            "status": "filed", "updated_on": day(on), "quarter": f"{on[:4]}Q{(int(on[5:7]) + 2) // 3}",
            "refresh_by": day(refresh), "law_abiding": True, "customer_id": customer,
        }  # fmt: skip
        return self.lay_in("credit_survey", **told | over)

    def figures(self, customer: int, year: int, revenue: str, profit: str, **over: Any) -> int:
        """The figures of a year or a month: sound ones unless said otherwise."""
        sound: dict[str, Any] = {
            "total_assets": Decimal(1000), "total_liabilities": Decimal(500), "current_assets": Decimal(600),
            "current_liabilities": Decimal(400), "channel": "partner", "obtained_on": day(self.now[:10]),
        }  # fmt: skip
        told = {"customer_id": customer, "year": year, "revenue": Decimal(revenue), "net_profit": Decimal(profit)}
        return self.lay_in("customer_financial", **sound | told | over)

    def good(self, customer: int, first_deal: str = "2020-01-01") -> None:
        """A customer that meets every criterion of class A."""
        self.known(customer, first_deal_on=day(first_deal))
        self.surveyed(customer)
        for year, revenue in ((2022, "100"), (2023, "110"), (2024, "120")):
            self.figures(customer, year, revenue, "10")

    def rated(self, customer: int, final: str) -> int:
        """A rating in force."""
        return self.lay_in("credit_rating", customer_id=customer, status="approved", rating_no=f"RT-X-{customer}",
                           rated_on=day("2025-09-30"), computed_class=final, proposed_class=final, final_class=final,
                           approved_on=day("2025-09-30"))  # fmt: skip

    def moved(self, slug: str, customer: int, months: int, monthly: str) -> None:
        """Receipts or deliveries of so much in each of the last full months."""
        for number in range(months):
            month = dt.date(2025, 9, 15) if number == 0 else dt.date(2025 - (number > 8), (8 - number) % 12 + 1, 15)
            if slug == "receipt":
                self.lay_in("receipt", customer_id=customer, status="confirmed", received_on=month,
                            amount=Decimal(monthly))  # fmt: skip
            else:
                self.lay_in("shipment", customer_id=customer, status="delivered", invoice_date=month,
                            amount=Decimal(monthly))  # fmt: skip

    def received_lately(self, customer: int, monthly: str) -> None:
        """Receipts of the last twelve full months, whatever day it is."""
        month = day(self.now[:10]).replace(day=1)
        for _number in range(12):
            month = (month - dt.timedelta(days=1)).replace(day=1)
            self.lay_in("receipt", customer_id=customer, status="confirmed", received_on=month, amount=Decimal(monthly))

    def line(self, customer: int, limit: str, kind: str = "long_term", **over: Any) -> int:
        """A limit in force."""
        told: dict[str, Any] = {
            "customer_id": customer, "status": "active", "purpose": "request", "kind": kind, "direction": "credit_sale",
            "requested_limit": Decimal(limit), "approved_limit": Decimal(limit), "valid_from": day("2025-01-01"),
            "valid_to": day("2025-12-31"), "credit_class": "a",
        }  # fmt: skip
        return self.lay_in("credit_request", **told | over)

    # -- what people do ------------------------------------------------------------------------------------------

    def request(self, customer: int, limit: str, status: int = 201, **over: Any) -> Any:
        """A credit request is written down."""
        told = {"purpose": "request", "customer_id": customer, "kind": "temporary", "direction": "credit_sale",
                "requested_limit": limit, "reason": "旺季备货"}  # fmt: skip
        return self.call(MANAGER, "POST", "credit_request/", status, **told | over)

    def deal(self, customer: int, amount: str, started: str, **over: Any) -> str:
        """A deal that is being written."""
        told = {"customer_id": customer, "kind": "credit_sale", "amount": amount, "started_on": started}
        return f"credit_deal/{self.call(SALES, 'POST', 'credit_deal/', 201, **told | over)['id']}"

    def granted(self, row: str, when: str, *people: str) -> None:
        """Every station approves in turn."""
        for who in people:
            self.approve(who, row, when, comment="同意")


def day(text: str) -> dt.date:
    """A day."""
    return dt.date.fromisoformat(text)


def rules(answer: Any) -> list[str]:
    """What a refusal cites."""
    return [problem["rule"] for problem in answer["errors"]]
