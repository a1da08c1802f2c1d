"""Customers on their way from the survey to the limit, and the deals that use it, each as far as the plan says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from app.core import moves, saving
from app.core.db import session
from app.core.register import registers
from app.demo.agenda import Agenda, Teller, approve, sweep, working_time
from app.demo.people import Company

SALES, SUPERVISOR, MANAGER = "gxxuqian", "gxtaoyong", "gxhelan"
CONTROLLER, FINANCE, REVIEWER = "gxcuiying", "gxpengjie", "gxduanrui"
VP, CFO, GM, CHAIRMAN = "gxwuzhen", "gxsongyi", "gxfanghao", "gxjiangheng"
HOUR = dt.timedelta(hours=1)
KNOWN = {
    "basic_info": "一般纳税人，注册地与经营地一致，工商年报已公示。", "principals": "法定代表人持股 60%，无失信记录。",
    "bank_accounts": "农业银行基本户，已电话核实。", "operation": "门店两间、仓库一处，主营稳定。",
    "finance": "三年连续盈利，存货周转约 45 天。", "dealings": "按月供货，对账及时。",
    "credit_record": "未发现不良记录。", "truth_declared": True,
}  # fmt: skip


class Credit:
    """One customer and what is done about its credit."""

    def __init__(self, agenda: Agenda, company: Company, number: int, entry: Mapping[str, Any]) -> None:
        self.agenda, self.company, self.entry = agenda, company, entry
        self.customer = company.customers[number]
        self.begins = working_time(agenda.end - dt.timedelta(days=entry["ago"], hours=2))

    def tell(self) -> Teller:
        """From the survey on."""
        survey = self._survey()
        if self.entry["until"] == "surveyed":
            return
        yield self._later()
        self._file(survey)
        if self.entry["until"] == "filed":
            return
        yield self._later(26)
        if self.entry.get("breach"):
            self._breach()
        rating = self._rate()
        yield self._later(5)
        if self.entry["until"] == "rated":
            return
        self._approve(rating, CFO, VP, GM)
        if self.entry["until"] == "approved":
            return
        yield self._later(25)
        yield from self._limit()

    def _later(self, hours: int = 3) -> dt.datetime:
        return working_time(self.agenda.now() + hours * HOUR)

    def _make(self, who: str, slug: str, **values: Any) -> Any:
        told = {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in values.items()}
        with self.agenda.by(who):
            return saving.create(registers()[slug], told, policy="A03" if registers()[slug].from_pack else None).record

    def _move(self, who: str, row: Any, key: str, reason: str = "", **values: Any) -> None:
        with self.agenda.by(who):
            moves.move(row, key, values=values, reason=reason)

    def _approve(self, row: Any, *people: str) -> None:
        for who in people:
            with self.agenda.by(who):
                approve(row, {})

    # -- survey and rating ---------------------------------------------------------------------------------------

    def _survey(self) -> Any:
        survey = self._make(SUPERVISOR, "credit_survey", customer_id=self.customer.id,
                            key_data_complete=self.entry.get("complete", True), **KNOWN)  # fmt: skip
        self._move(SUPERVISOR, survey, "submit")
        self._move(MANAGER, survey, "review", manager_opinion="与实地走访一致，同意上报。", law_abiding=True)
        return survey

    def _file(self, survey: Any) -> None:
        said = "年度数据口径不同：事务所为审定数，已请客户说明。" if self.entry.get("differs") else None
        self._move(REVIEWER, survey, "pass_review", contradiction_result="explained" if said else "none",
                   contradictions=said, review_dealings="与往来账一致。", review_credit_record="无异常。")  # fmt: skip
        self._move(FINANCE, survey, "file")

    def _breach(self) -> None:
        event = self._make(
            SUPERVISOR, "credit_violation", kind="bad_debt", found_on=self.agenda.now().date(),
            customer_id=self.customer.id, facts="拖欠货款逾半年，催收无果。", amount="68000",
        )  # fmt: skip
        self._move(MANAGER, event, "verify")

    def _rate(self) -> Any:
        row = registers()["credit_rating"].model
        rating = session.scalars(sa.select(row).filter_by(customer_id=self.customer.id, status="draft")).one()
        people = [self.company.people[who].id for who in (SALES, CONTROLLER)]
        self._move(MANAGER, rating, "put_up", proposed_class=rating.computed_class, attendees=people,
                   review_truth="ok", review_finance="ok", review_dealings="ok")  # fmt: skip
        return rating

    # -- limit and deals -----------------------------------------------------------------------------------------

    def _limit(self) -> Teller:
        day = self.agenda.now().date()
        if pledge := self.entry.get("pledge"):
            self._make(
                MANAGER, "collateral", customer_id=self.customer.id, kind="real_estate", description=pledge["what"],
                appraised_value=pledge["value"], certificate_no=pledge["number"], registered_on=day,
            )  # fmt: skip
        request = self._make(
            MANAGER, "credit_request", purpose="request", customer_id=self.customer.id, kind=self.entry["kind"],
            direction="credit_sale", requested_limit=self.entry["limit"], reason="合作稳定，旺季备货需要。",
        )  # fmt: skip
        self._move(MANAGER, request, "submit")
        if self.entry["until"] == "asked":
            self._approve(request, VP)
            return
        self._approve(request, VP, CFO, GM, CHAIRMAN)
        for deal in self.entry.get("deals", ()):
            yield self._later(20)
            self._deal(deal)

    def _deal(self, entry: Mapping[str, Any]) -> None:
        people = self.company.people
        seller = next(who for who in people if people[who].id == self.customer.owner_id)
        deal = self._make(seller, "credit_deal", customer_id=self.customer.id, kind="credit_sale",
                          amount=entry["amount"], started_on=self.agenda.now().date())  # fmt: skip
        if entry["ends"] == "above":
            self._move(seller, deal, "ask_over_limit", over_reason="客户工程急单，三周内回款。")
            return
        self._move(seller, deal, "use_credit")
        if entry["ends"] == "settled":
            self._move(FINANCE, deal, "settle", settled_on=self.agenda.now().date())
        sweep("credit.deals")
