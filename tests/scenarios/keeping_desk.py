"""The customer service departments of C03 and C10 and the bank of C04 at their desks, by REST."""

from __future__ import annotations

from typing import Any

from app.areas.customers.operations import Customer
from app.core.db import session
from app.engines.people.models import Employee, OrgUnit
from app.engines.policy import operations as policy
from tests.scenarios.c07_desk import Office
from tests.scenarios.desk import at

HEADS = {"C03": "zkfanqing", "C10": "cwfeiran"}
SUPERVISORS = {"C03": "zkmeilan", "C10": "cwlinshu"}


class Department(Office):
    """A customer service department at work since the first of March 2026."""

    def __init__(self, sign_in: Any, portal: Any, code: str) -> None:
        self.supervisor = SUPERVISORS[code]
        super().__init__(sign_in, code, self.supervisor, "2026-03-02 09:00")
        self.portal = portal
        rows = self.call(self.supervisor, "GET", "customer/?size=100")["result"]
        self.customers = {row["name"]: row["id"] for row in rows}

    def add(self, who: str, slug: str, when: str, status: int = 201, **told: Any) -> Any:
        """A new row at a time; its address, or the refusal."""
        self.now = when
        answer = self.call(who, "POST", f"{slug}/", status, **told)
        return f"{slug}/{answer['id']}" if status == 201 else answer

    def able(self, name: str, weight: str, status: int = 201, **told: Any) -> Any:
        """The capacity of a specialist."""
        facts = {"kind": "capacity", "person_id": self.people[name], "capacity_weight": weight,
                 "from_date": "2026-03-02"}  # fmt: skip
        return self.add(self.supervisor, "duty_assignment", self.now, status, **facts | told)

    def keeps(self, name: str, number: int) -> None:
        """Let somebody keep so many customers, written beside the screens."""
        unit, person = next(iter(self.units.values())), self.people[name]
        with self.portal.app_context():
            mine = session.query(Customer).filter_by(owner_id=person).count()
            session.add_all(
                Customer(customer_no=f"T-{person}-{n:03}", name=f"会员{person}{n:03}", side="person", unit_id=unit,
                         owner_id=person)
                for n in range(number - mine)
            )  # fmt: skip
            session.commit()
            session.remove()

    def leaves(self, name: str) -> None:
        """Somebody works here no more, written beside the screens."""
        with self.portal.app_context():
            session.get_one(Employee, self.people[name]).active = False
            session.commit()
            session.remove()

    def allocated(self, customer: str, when: str, **values: Any) -> str:
        """A customer allocated to whom the balance proposes, or to somebody else."""
        facts = {"kind": "specialist", "customer_id": self.customers[customer], "reason": "new"}
        row = self.add(self.supervisor, "customer_assignment", when, **facts)
        values.setdefault("person_id", self.row(row)["proposed_id"])
        self.do(self.supervisor, row, "allocate", when, **values)
        return str(row)

    def talk(self, who: str, customer: str, when: str, outcome: str = "reached", status: int = 201, **told: Any) -> Any:
        """A contact as it was put on record."""
        facts = {"customer_id": self.customers[customer], "direction": "out", "means": "phone", "outcome": outcome,
                 "content": "问候并了解需求", "contacted_at": when.replace(" ", "T")}  # fmt: skip
        return self.add(who, "contact_log", when, status, **facts | told)


def rules(answer: dict[str, Any]) -> set[tuple[str | None, str]]:
    """Field and rule of every problem of a refusal."""
    return {(error["field"], error["rule"]) for error in answer["errors"]}


class Bank(Department):
    """The marketing section of a bank."""

    def __init__(self, sign_in: Any, portal: Any) -> None:
        self.supervisor = "yhluqi"
        Office.__init__(self, sign_in, "C04", self.supervisor, "2026-03-02 09:00")
        self.portal = portal
        self.ids = [row["id"] for row in self.call(self.supervisor, "GET", "customer/?order=customer_no")["result"]]

    def averages_by(self, period: str) -> None:
        """Let the branch average over another period, since the first of March 2026."""
        with self.portal.app_context(), at("2026-03-01 08:00"):
            branch = session.get_one(OrgUnit, self.units["YH"])
            policy.set_parameter(branch, "C04", "average_period", period, "按月统计")
            session.commit()
            session.remove()

    def balance(self, customer: int, day: str, amount: str, status: int = 201, **told: Any) -> Any:
        """The balance of a customer at the end of a day."""
        facts = {"kind": "balance", "customer_id": customer, "balance_on": day, "amount": amount}
        return self.add("yhpanrui", "business_result", f"{day} 23:00", status, **facts | told)

    def entered(self, customer: int, when: str, who: str = "", **told: Any) -> str:
        """An assignment that was entered."""
        facts = {"kind": "manager", "customer_id": customer, "reason": "new"}
        return str(self.add(who or self.supervisor, "customer_assignment", when, **facts | told))
