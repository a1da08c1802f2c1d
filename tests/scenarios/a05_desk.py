"""The posts of A05 at their desks: a store, its guides and its customers, by REST."""

from __future__ import annotations

from typing import Any

from app.areas.customers.operations import Customer, ProfileAnswer
from app.core.db import session
from tests.scenarios.c07_desk import Office

MANAGER, GUIDE, OTHER, LEAVER, BACKUP = "lfgumin", "lfhexia", "lfluoqi", "lfwuyue", "lftianbei"
TRAINER, PLANNER, STEWARD, OWNER = "lfyinlan", "lfshiyu", "lfmiaojing", "lfqianjin"
__all__ = ["BACKUP", "GUIDE", "LEAVER", "MANAGER", "OTHER", "OWNER", "PLANNER", "STEWARD", "TRAINER", "Store"]


class Store(Office):
    """The store at work since the first of September 2025."""

    def __init__(self, sign_in: Any) -> None:
        super().__init__(sign_in, "A05", MANAGER, "2025-09-01 10:00")
        rows = self.call(MANAGER, "GET", "customer/?size=100")["result"]
        self.customers = {row["name"]: row["id"] for row in rows}

    def add(self, who: str, slug: str, when: str, status: int = 201, **told: Any) -> Any:
        """A new row at a time; its address, or the refusal."""
        self.now = when
        answer = self.call(who, "POST", f"{slug}/", status, **told)
        return f"{slug}/{answer['id']}" if status == 201 else answer

    def edit(self, who: str, row: str, when: str, status: int = 200, **told: Any) -> Any:
        """Change fields of a row."""
        self.now = when
        return self.call(who, "PUT", row, status, **told)

    def customer(self, number: int, who: str = GUIDE, **told: Any) -> int:
        """A new private customer of a guide."""
        facts = {"customer_no": f"LFT-{number:06}", "name": f"顾客{number:03}", "side": "person", "country": "CN"}
        return int(self.add(who, "customer", self.now, **facts | told).partition("/")[2])

    def sell(self, customer: int, amount: str, when: str, who: str = GUIDE, **told: Any) -> str:
        """A sale that was made at a time."""
        facts = {"customer_id": customer, "total": amount, "sold_at": when.replace(" ", "T"), "goods": "外套",
                 "selling": "single"}  # fmt: skip
        return str(self.add(who, "sales_order", when, **facts | told))

    def refer(self, new: int, by: int, when: str, status: int = 201, who: str = GUIDE) -> Any:
        """A referral as a guide writes it down."""
        facts = {"kind": "referral", "customer_id": new, "referrer_id": by, "came_at": when.replace(" ", "T")}
        return self.add(who, "sales_lead", when, status, **facts)

    def grade(self, customer: int, who: str = MANAGER) -> str:
        """The open rating of a customer, as the sweep has put it up."""
        rows = self.call(who, "GET", f"customer_grade/?customer_id={customer}&status=computed")["result"]
        return f"customer_grade/{rows[-1]['id']}"

    def decide(self, customer: int, when: str, chosen: str, status: int = 200, **told: Any) -> Any:
        """The store manager decides the class of a customer."""
        return self.do(MANAGER, self.grade(customer), "decide", when, status, decided_class=chosen, **told)


def rules(answer: dict[str, Any]) -> set[tuple[str | None, str]]:
    """Field and rule of every problem of a refusal."""
    return {(error["field"], error["rule"]) for error in answer["errors"]}


def file_many(portal: Any, owner: int, unit: int, number: int, **facts: Any) -> list[int]:
    """Customers of a guide, written beside the screens; ``facts`` are functions of their place."""
    with portal.app_context():
        made = [
            Customer(customer_no=f"LFM-{owner}-{facts['first_deal_on'](n):%m}-{n:04}", name=f"会员{n:04}",
                     side="person", unit_id=unit, owner_id=owner, **{key: value(n) for key, value in facts.items()})
            for n in range(number)
        ]  # fmt: skip
        session.add_all(made)
        session.commit()
        ids = [row.id for row in made]
        session.remove()
    return ids


def answer_many(portal: Any, profile: int, questions: list[int], field: str = "answer") -> None:
    """Answers written beside the screens."""
    with portal.app_context():
        session.add_all(
            ProfileAnswer(profile_id=profile, question_id=question, source="observed", **{field: "已了解"})
            for question in questions
        )
        session.commit()
        session.remove()
