"""What followed the demo's closed complaints in the books: certificates, return slips, vouchers, recovery rates."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import FileStorage

from app.core import attachments, moves, saving
from app.core.register import registers
from app.demo.agenda import Agenda, Teller, approve, working_time

MANAGER, DEPUTY, GENERAL, STORE, BOOKS = "songzhiwei", "zhouqiming", "liangweidong", "caodaming", "fanghuimin"
SALES = ("xuwenjing", "linjiahao")
SECOND = {"deputy_gm": DEPUTY, "general_manager": GENERAL}
CERTIFICATES = ("posted", "sealed", "posted", "signed", "signing", "draft")
SLIPS = ("posted", "difference", "at_warehouse", "over", "received", "posted", "draft")
PAPER = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\n" \
        b"trailer<</Root 1 0 R>>\n%%EOF\n"  # fmt: skip


class Settlement:
    """Takes the papers of one closed complaint further, each step at its own hour and by its own person."""

    def __init__(self, agenda: Agenda, case: Any, rep: str) -> None:
        self.agenda, self.case, self.rep = agenda, case, rep

    def certificate(self, stage: str) -> Teller:
        """A certificate over what was decided, as far as the stage says."""
        yield self._later(5)
        amount = self.case.decided_amount
        kind = "indemnity" if "claim" in (moves.whole_of(self.case).get("customer_demand") or ()) else "discount"
        sums = {"discount_amount": f"{amount:.2f}", "net_amount": f"{amount * 4:.2f}"}
        paper = self._create("return_certificate", complaint_id=self.case.id, kind=kind,
                             original_invoice=f"FP{self.case.id:08}", **sums)  # fmt: skip
        if stage == "draft":
            return
        yield from self._move(self.rep, paper, "submit")
        if stage == "signing":
            return
        yield from self._approve(MANAGER, paper)
        yield from self._approve(SECOND[paper.deciding_post], paper)
        if stage == "signed":
            return
        yield from self._move(self.rep, paper, "seal", customer_sealed_on=self.agenda.now().date())
        if stage == "posted":
            with self.agenda.by(self.rep):
                saving.update(paper, {"proof_type": "certificate_sealed"}, None)
                self._file("return_certificate", paper.id, "proof_file")
            yield from self._move(BOOKS, paper, "post")

    def slip(self, stage: str) -> Teller:
        """A return slip over the approved quantity, as far as the stage says."""
        yield self._later(7)
        quantity = moves.whole_of(self.case).get("approved_return_qty")
        why = {"return_reason": self.case.title, "return_basis": "依核决批示办理"}
        slip = self._create("goods_return", complaint_id=self.case.id, handling="return", slip_qty=quantity,
                            unit_price="86.00", **why)  # fmt: skip
        if stage == "draft":
            return
        yield from self._move(self.rep, slip, "submit")
        yield from self._approve(MANAGER, slip)
        if stage == "at_warehouse":
            return
        counted = quantity + {"difference": -1, "over": 4}.get(stage, 0)
        yield from self._move(STORE, slip, "count", actual_qty=counted)
        if stage == "over":
            yield from self._approve(MANAGER, slip, difference_instruction="按实际数量签收。")
            yield from self._move(STORE, slip, "sign")
        if stage == "posted":
            proof = self._create("return_proof", slip_id=slip.id, proof_type="return_certificate_sealed",
                                 returned_qty=quantity, buyer_seal="true")  # fmt: skip
            self._file("return_proof", proof.id, "file")
            yield from self._move(BOOKS, slip, "post")

    def _later(self, hours: int = 1) -> dt.datetime:
        return working_time(self.agenda.now() + dt.timedelta(hours=hours))

    def _create(self, slug: str, **values: Any) -> Any:
        with self.agenda.by(self.rep):
            return saving.create(registers()[slug], values).record

    def _file(self, slug: str, key: int, field: str) -> None:
        upload = FileStorage(io.BytesIO(PAPER), "客户签章证明.pdf")
        attachments.receive(slug, key, field, [upload])

    def _approve(self, account: str, record: Any, **values: Any) -> Teller:
        yield self._later()
        with self.agenda.by(account):
            approve(record, values)

    def _move(self, account: str, record: Any, key: str, **values: Any) -> Teller:
        yield self._later()
        with self.agenda.by(account):
            moves.move(record, key, values=values)


def papers(agenda: Agenda, case: Any, rep: str, number: int) -> Teller:
    """Goods that were to come back have a slip, other closed complaints a certificate."""
    after, demand = Settlement(agenda, case, rep), moves.whole_of(case).get("customer_demand") or []
    if "return" in demand or number % 3 == 0:
        yield from after.slip(SLIPS[number // 3 % len(SLIPS)])
    else:
        yield from after.certificate(CERTIFICATES[number % len(CERTIFICATES)])


def rates(agenda: Agenda, begun: dt.date, sales: Mapping[str, Any]) -> Teller:
    """On the third of each month accounting reckons last month's recovery of every salesperson."""
    first = begun.replace(day=1)
    while True:
        before, first = first, (first + dt.timedelta(days=32)).replace(day=1)
        yield dt.datetime.combine(first.replace(day=3), dt.time(15, 0))
        for place, person in enumerate(sales.values()):
            told = {"employee_id": person.id, "month": f"{before:%Y-%m}", "receivable_due": "860000.00",
                    "collected": f"{640000 + 55000 * place}.00"}  # fmt: skip
            with agenda.by(BOOKS):
                rate = saving.create(registers()["recovery_rate"], told).record
                if place == 0:
                    moves.move(rate, "confirm")
