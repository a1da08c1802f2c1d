"""Complaints of the shops, each taken as far as the plan says by the people who hold the posts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from app.core import clock, moves, saving
from app.core.register import registers
from app.demo.agenda import Agenda, Teller, approve, working_time
from app.demo.people import Company

BRANCH, HEAD, MARKETING, DEPUTY, WORKS = "fanzhihao", "qiuhongmei", "yutingting", "jianghaibo", "shenguofu"
HOUR = dt.timedelta(hours=1)
SHOPS = {"wangshuang": "RT-S1", "tianmiao": "RT-S2"}


def book_entry(agenda: Agenda, company: Company) -> Teller:
    """An entry in the opinion book that nobody has registered yet."""
    told = {
        "kind": "book", "received_at": f"{agenda.now():%Y-%m-%dT%H:%M}",
        "content": "试用的床品没有更换，希望及时更新。",
        "place_unit_id": company.units["RT-S2"].id, "matter": "suggestion", "book_no": "RT-S2-01", "entry_no": 12,
    }  # fmt: skip
    with agenda.by("tianmiao"):
        saving.create(registers()["feedback_intake"], told, policy="B01")
    yield agenda.now()


class Story:
    """One complaint on its way."""

    def __init__(self, agenda: Agenda, company: Company, entry: Mapping[str, Any]) -> None:
        self.agenda, self.company, self.entry = agenda, company, entry
        self.begins = working_time(agenda.end - dt.timedelta(days=entry["ago"], hours=3))
        self.case: Any = None

    def tell(self) -> Teller:
        """From the shop to the state that the plan names."""
        self._receive()
        yield self._later(0.3)
        if self.entry["until"] == "solved":
            self._move(self.entry["by"], "solve", spot_solution="当场更换同款商品并致歉。")
            return
        for hours, step in self._steps():
            if self.case.status == self.entry["until"]:
                return
            step()
            yield self._later(hours)

    def _steps(self) -> list[tuple[float, Any]]:
        """What happens one after the other, and the hours after each."""
        by = self.entry["by"]
        plant = [(30.0, self._to_works), (22.0, self._works_answer)] if self.entry["until"] == "processing" else []
        return [
            (1, lambda: self._move(by, "call_branch", branch_called_at=clock.now())),
            (2, lambda: self._move(HEAD, "instruct", branch_instruction="先致歉，同意换货；顾客不接受即送市场部。")),
            (1, lambda: self._move(by, "reply", first_reply_at=clock.now(), reply_accepted=False)),
            (20, lambda: self._move(by, "escalate", promise_told_at=clock.now(), sample_kept=True)),
            (24, lambda: self._move(MARKETING, "accept")),
            *plant,
            (30, self._discuss),
            (20, lambda: self._move(MARKETING, "submit")),
            (20, self._sign),
            (10, lambda: self._move(BRANCH, "acknowledge")),
            (1, self._tell_customer),
            (24, lambda: self._move(BRANCH, "execute")),
            (1, lambda: self._move(MARKETING, "close")),
        ]

    def _later(self, hours: float) -> dt.datetime:
        return working_time(self.agenda.now() + hours * HOUR)

    def _move(self, who: str, key: str, **values: Any) -> None:
        with self.agenda.by(who):
            moves.move(self.case, key, values=values)

    def _receive(self) -> None:
        entry, shop = self.entry, self.company.units[SHOPS[self.entry["by"]]]
        customer = self.company.customers[entry["customer"]]
        told = {
            "title": entry["title"], "channel": "visit", "customer_id": customer.id,
            "complainant": customer.contact_name,
            "complainant_phone": customer.contact_phone, "content": entry["title"], "complaint_reason": entry["title"],
            "customer_demand": "换货或退款", "market": entry.get("market", "domestic"), "category": "quality",
            "our_fault": True, "branch_id": shop.parent_id, "shop_id": shop.id, "product": entry["product"],
            "order_no": entry["order"], "part_no": "RT-2508", "quantity": 6, "defective_qty": 2,
            "delivery_amount": "1280.00", "delivered_on": f"{self.agenda.now() - dt.timedelta(days=20):%Y-%m-%d}",
            "received_at": f"{self.agenda.now():%Y-%m-%dT%H:%M}",
        }  # fmt: skip
        with self.agenda.by(entry["by"]):
            self.case = saving.create(registers()["complaint"], told, policy="B01").record

    def _to_works(self) -> None:
        self._move(MARKETING, "send_unit", processing_unit_id=self.company.units["RT-W1"].id)

    def _works_answer(self) -> None:
        self._move(WORKS, "unit_reply", processing_reply="缝线针距偏大，已复查同批。")

    def _discuss(self) -> None:
        self._move(
            MARKETING, "discuss", cause="面料固色不足", responsible_unit_id=self.company.units["RT-PD"].id,
            countermeasure="加严入库水洗试验", external_party=False, discussed_at=clock.now(),
            discussed_by="顾客、市场部于婷婷、分公司樊志豪", agreed_remedy="更换同款新品，并致歉。",
        )  # fmt: skip

    def _sign(self) -> None:
        with self.agenda.by(DEPUTY):
            approve(self.case, {"decision": "同意。", "decided_amount": Decimal(0)})

    def _tell_customer(self) -> None:
        told = {
            "complaint_id": self.case.id, "means": "phone", "replied_at": f"{self.agenda.now():%Y-%m-%dT%H:%M}",
            "content": "更换同款新品，三日内送达。", "customer_response": "accepted", "within_instruction": True,
        }  # fmt: skip
        with self.agenda.by(BRANCH):
            saving.create(registers()["customer_reply"], told)
