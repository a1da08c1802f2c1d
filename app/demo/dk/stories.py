"""Buyers of a developer, each step by whoever holds the post, as far as the plan says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from app.core import clock, moves, saving
from app.core.db import session
from app.core.register import registers
from app.demo.agenda import Agenda, Teller, approve
from app.demo.people import Company

HEAD, KEEPER, MONEY, BOSS = "dkgaoyuan", "dkxiangwan", "dkjiangxu", "dkgongyi"
STATIONS = ("received", "pending", "served", "asked", "signed", "closed")


class Floor:
    """The sales floor and key-account service over the last weeks."""

    def __init__(self, agenda: Agenda, company: Company) -> None:
        self.agenda, self.company = agenda, company

    def _begin(self, who: str, slug: str, **told: Any) -> Any:
        with self.agenda.by(who):
            return saving.create(registers()[slug], {k: v for k, v in told.items() if v is not None}).record

    def _move(self, who: str, row: Any, key: str, reason: str = "", **values: Any) -> None:
        with self.agenda.by(who):
            moves.move(row, key, values=values, reason=reason)

    def _approve(self, row: Any, *deciders: str) -> None:
        for who in deciders:
            with self.agenda.by(who):
                approve(row, {})

    def lead(self, entry: Mapping[str, Any]) -> Teller:
        """One buyer, from the reception as far as the plan says."""
        far = STATIONS.index(entry["until"])
        lead = self._received(entry)
        if far >= STATIONS.index("served"):
            self._handed_over(entry, lead)
        if far >= STATIONS.index("asked"):
            self._filed(entry, lead)
        if entry["until"] == "asked":
            self._asked(entry, lead)
        if far >= STATIONS.index("signed"):
            self._signed(entry, lead)
        yield self.agenda.end

    def _received(self, entry: Mapping[str, Any]) -> Any:
        customer = self.company.customers[entry["customer"] - 1] if "customer" in entry else None
        mine = customer is not None and customer.owner_id == self.company.people[entry["seller"]].id
        lead = self._begin(
            entry["seller"], "sales_lead", customer_name=entry["name"], phone=entry["phone"],
            origin="walk_in", product=entry["product"], content="到访案场，了解整层与连通方案",
            customer_id=customer.id if customer is not None and mine else None,
        )  # fmt: skip
        for room, area in entry["units"]:
            self._begin(entry["seller"], "sales_lead_unit", lead_id=lead.id, room=room, area=area)
        session.refresh(lead)
        return lead

    def _handed_over(self, entry: Mapping[str, Any], lead: Any) -> None:
        paper = self._begin(
            entry["seller"], "customer_assignment", lead_id=lead.id, notes="意向明确，关注层高与付款节奏"
        )
        self._move(entry["seller"], paper, "request")
        self._move(entry["manager"], paper, "accept")

    def _file_of(self, lead: Any) -> Any:
        model: Any = registers()["customer_profile"].model
        return session.scalars(sa.select(model).filter_by(lead_id=lead.id)).one()

    def _filed(self, entry: Mapping[str, Any], lead: Any) -> None:
        file = self._file_of(lead)
        told = {
            "address": "杭州市滨江区江南大道", "characteristics": "决策果断，重视私密",
            "preferences": "高层、朝南，茶歇备龙井",
            "life_background": "本地经商二十年",
        }  # fmt: skip
        with self.agenda.by(entry["manager"]):
            saving.update(file, told, None)
        self._move(entry["manager"], file, "complete")

    def _asked(self, entry: Mapping[str, Any], lead: Any) -> None:
        """The consultant asks to see the file; special terms wait for the head."""
        asked = self._begin(
            entry["seller"], "access_request", file_wanted=self._file_of(lead).file_no,
            purpose="补办按揭资料，核对地址",
        )  # fmt: skip
        self._move(entry["seller"], asked, "submit")
        if lead.customer_id is not None:
            day = self.agenda.now().date()
            terms = self._begin(
                entry["manager"], "payment_plan", customer_id=lead.customer_id, reason="special_terms",
                total="2600000.00", instalments=f"{day} 2600000.00", proposed_terms="签约后三个月内分两次付清",
                grounds="资金回笼周期", commission_class="one_off",
            )  # fmt: skip
            self._move(entry["manager"], terms, "submit")

    def _signed(self, entry: Mapping[str, Any], lead: Any) -> None:
        day = self.agenda.now().date()
        deal = self._begin(
            entry["manager"], "sales_order", lead_id=lead.id, rooms="、".join(room for room, _area in entry["units"]),
            total=entry["total"], payment=entry["payment"], signed_on=day.isoformat(),
        )  # fmt: skip
        self._move(entry["manager"], deal, "sign")
        if entry["until"] != "closed":
            return
        model: Any = registers()["commission_sheet"].model
        sheet = session.scalars(sa.select(model).filter_by(order_id=deal.id)).one()
        self._approve(sheet, HEAD, MONEY, BOSS)
        self._move(MONEY, deal, "receive")
        self._move(MONEY, sheet, "pay", paid_on=day)

    def outing(self) -> Teller:
        """A joint outing that was held."""
        people, now = self.company.people, self.agenda.now()
        event = self._begin(
            HEAD, "customer_event", kind="outing", title="滨江商会定向行销", due_on=now.date().isoformat(),
            regular=True,
            place="滨江商会", segment="soho", staff=[people["dkluochen"].id, people["dkmuqing"].id],
        )  # fmt: skip
        yield now.replace(hour=17)
        self._move(
            HEAD, event, "hold_outing", held_at=clock.from_local(now.replace(hour=14)), result="获客三组，均已登记意向"
        )
