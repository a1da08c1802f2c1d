"""Certificates, return slips, proofs and vouchers of a closed complaint, done through REST by the posts of B02."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from flask import Flask

from tests.scenarios.conftest import Person
from tests.scenarios.desk import BOOKS, CONTROL, DEPUTY, GENERAL, MANAGER, REP, Desk, at

STORE = "caodaming"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"

__all__ = [
    "BOOKS", "CONTROL", "DEPUTY", "GENERAL", "MANAGER", "PDF", "REP", "STORE", "Papers", "at", "at_once", "rules",
]  # fmt: skip


def at_once(portal: Flask, account: str, times: int, path: str, body: dict[str, Any]) -> list[int]:
    """The same request by several sessions of one person at the same time; the statuses of the answers."""
    people = [Person(portal, account) for _number in range(times)]
    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(lambda person: person.client.post(path, json=body).status_code, people))


def rules(answer: dict[str, Any]) -> set[tuple[str, str]]:
    """Field and rule of every problem of a refusal."""
    return {(error["field"], error["rule"]) for error in answer["errors"]}


class Papers(Desk):
    """Takes complaints to their end, and then through the papers of （十三）."""

    def __init__(self, sign_in: Any) -> None:
        super().__init__(sign_in)
        self.unit = {row["name"]: row["id"] for row in sign_in(CONTROL).call("GET", "org_unit/")["result"]}

    def settled(self, decided: str = "3500.00", approved: int | None = 500, **over: Any) -> int:
        """A founded complaint, closed within a day, with what was decided."""
        case = self.accepted(**over)
        self.at_sales(case)
        self.routed(case, "90000.00")
        self.finish(case, self.decided(case, decided_amount=decided), approved)
        return case

    def finish(self, case: int, decider: str, approved: int | None) -> None:
        """From the decision to the closing."""
        rep = self.as_(REP)
        rep.move(case, "negotiate")
        told = {"complaint_id": case, "means": "letter", "replied_at": self.today(), "content": "说明",
                "promised_amount": "0.00", "promised_return_qty": 0, "customer_response": "accepted"}  # fmt: skip
        rep.call("POST", "customer_reply/", 201, **told)
        rep.move(case, "report_result", negotiation_result="接受", customer_accepts=True)
        self.as_(MANAGER).move(case, "confirm_result")
        self.as_(CONTROL).move(case, "combine_result", combined_opinion="建议结案")
        self.as_(decider).move(case, "close", needs_tracking=False, approved_return_qty=approved)

    def today(self) -> str:
        """Now, as forms write it."""
        from app.core import clock

        return clock.to_local(clock.now()).strftime("%Y-%m-%dT%H:%M")

    # -- any row -------------------------------------------------------------------------------------------------------

    def add(self, who: str, slug: str, status: int = 201, **values: Any) -> Any:
        """A new row of a register; its answer."""
        return self.as_(who).call("POST", f"{slug}/", status, **values)

    def get(self, who: str, slug: str, key: int, status: int = 200) -> Any:
        """A row as somebody sees it."""
        return self.as_(who).call("GET", f"{slug}/{key}", status)

    def rows(self, who: str, slug: str, **filters: Any) -> list[dict[str, Any]]:
        """The rows that somebody sees."""
        query = "&".join(f"{name}={value}" for name, value in filters.items())
        return self.as_(who).call("GET", f"{slug}/?{query}")["result"]

    def step(self, who: str, slug: str, key: int, move: str, status: int = 200, reason: str = "", **values: Any) -> Any:
        """A step of a row."""
        return self.as_(who).call("POST", f"{slug}/{key}/move/{move}", status, values=values, reason=reason)

    def file(self, who: str, slug: str, key: int, field: str, status: int = 201) -> None:
        """A document beside a row."""
        data = {"file": (io.BytesIO(PDF), "证明.pdf")}
        answer = self.as_(who).client.post(f"/api/v1/{slug}/{key}/files/{field}", data=data)
        assert answer.status_code == status, answer.text

    # -- certificates --------------------------------------------------------------------------------------------------

    def certificate(self, case: int, amount: str = "3500.00", status: int = 201, **over: Any) -> Any:
        """A certificate as sales draws it up."""
        values = {"kind": "discount", "original_invoice": "FP20250801", "discount_amount": amount,
                  "net_amount": "90000.00", **over}  # fmt: skip
        return self.add(REP, "return_certificate", status, complaint_id=case, **values)

    def signed(self, case: int, amount: str = "3500.00", second: str = DEPUTY) -> int:
        """A certificate with both signatures."""
        made = self.certificate(case, amount)["id"]
        self.step(REP, "return_certificate", made, "submit")
        self.approve(MANAGER, "return_certificate", made)
        self.step(second, "return_certificate", made, "sign")
        return made

    def sealed(self, case: int, amount: str = "3500.00", proof: str = "certificate_sealed") -> int:
        """A certificate sealed by the customer, with its proof."""
        made = self.signed(case, amount)
        self.step(REP, "return_certificate", made, "seal", customer_sealed_on=self.today()[:10])
        self.as_(REP).call("PUT", f"return_certificate/{made}", proof_type=proof)
        self.file(REP, "return_certificate", made, "proof_file")
        return made

    def approve(self, who: str, slug: str, key: int) -> Any:
        """The first station of a route: found in the person's own inbox."""
        waiting = self.as_(who).call("GET", "approval/inbox?view=todo")["result"]
        step = next(row for row in waiting if row["register"] == slug and row["record_id"] == key)
        return self.as_(who).call("POST", f"approval/{step['id']}/approve", comment="同意")

    # -- returns -------------------------------------------------------------------------------------------------------

    def slip(self, case: int, quantity: int = 500, status: int = 201, **over: Any) -> Any:
        """A return slip as sales draws it up."""
        values = {"handling": "return", "return_reason": "分层", "return_basis": "核决批示", "slip_qty": quantity,
                  "unit_price": "86.00", **over}  # fmt: skip
        return self.add(REP, "goods_return", status, complaint_id=case, **values)

    def at_store(self, case: int, quantity: int = 500) -> int:
        """A verified slip, with the warehouse."""
        made = self.slip(case, quantity)["id"]
        self.step(REP, "goods_return", made, "submit")
        self.step(MANAGER, "goods_return", made, "verify")
        return made

    def received(self, case: int, quantity: int = 500, actual: int | None = None) -> int:
        """A slip that the warehouse signed for; a difference was instructed before."""
        made = self.at_store(case, quantity)
        counted = self.step(STORE, "goods_return", made, "count", actual_qty=quantity if actual is None else actual)
        if counted["status"] == "difference":
            self.step(MANAGER, "goods_return", made, "instruct", difference_instruction="按实签收")
            self.step(STORE, "goods_return", made, "sign")
        return made

    def proof(self, slip: int, quantity: int, status: int = 201, **over: Any) -> Any:
        """A tax proof of a return, with its document."""
        values = {"proof_type": "return_certificate_sealed", "returned_qty": quantity, "buyer_seal": True, **over}
        made = self.add(REP, "return_proof", status, slip_id=slip, **values)
        if status == 201:
            self.file(REP, "return_proof", made["id"], "file")
        return made
