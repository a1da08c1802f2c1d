"""Customers handed over when their keeper leaves: who would take which, and doing it in one go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.customers.customer import Customer
from app.areas.customers.sharing import share_out
from app.core import access, clock, values
from app.core.db import session
from app.core.errors import Problem, Refusal
from app.core.register import register_of
from app.core.wording import N_
from app.engines.audit import operations as audit
from app.engines.audit.operations import Note
from app.engines.people import operations as people
from app.engines.people.models import Employee

HANDED = N_("Handed over from %(old)s to %(new)s")
MOST = 20
table = Customer.__table__


@dataclass(frozen=True)
class Plan:
    """Who keeps how many now, and which customer goes to whom."""

    keeper: int
    loads: dict[int, int]
    taken: dict[int, int]

    @property
    def gets(self) -> Counter[int]:
        """How many each taker gets."""
        return Counter(self.taken.values())


def plan(keeper: int, takers: Sequence[int]) -> Plan:
    """The balanced proposal for all customers of a keeper within the person's reach.

    Raises ``Refusal`` for takers who cannot keep customers, and when there is nothing to hand over.
    """
    Refusal.when(_unfit(keeper, takers))
    mine = [table.c.owner_id == keeper, table.c.merged_into_id.is_(None)]
    reach = access.rows(register_of(Customer), "write")
    customers = list(session.scalars(sa.select(table.c.id).where(*mine, reach).order_by(table.c.customer_no)))
    if not customers:
        raise Refusal(Problem(_("There is no customer of this person that you may hand over."), "keeper", "empty"))
    counted = sa.select(table.c.owner_id, sa.func.count()).where(
        table.c.owner_id.in_(takers), table.c.merged_into_id.is_(None)
    )
    known: Any = dict(map(tuple, session.execute(counted.group_by(table.c.owner_id))))
    loads = {taker: known.get(taker, 0) for taker in takers}
    return Plan(keeper, loads, share_out(customers, loads))


def _unfit(keeper: int, takers: Sequence[int]) -> Iterator[Problem]:
    if len(takers) > MOST:
        yield Problem(_("At most %(count)s people take over at once.", count=MOST), "takers", "many")
        return
    for person in session.scalars(sa.select(Employee).where(Employee.id.in_(takers)).order_by(Employee.id)):
        if person.id == keeper:
            yield Problem(_("“%(name)s” hands over and cannot take over.", name=person.name), "takers", "self")
        elif not person.active or not _may_keep(person):
            yield Problem(_("“%(name)s” may not keep customers.", name=person.name), "takers", "permission")


def _may_keep(person: Employee) -> bool:
    return person.account_id is not None and people.load_access(person.account_id).can("customer", "write")


def hand_over(found: Plan, reason: str) -> int:
    """Carry a plan out; how many customers went over. One statement per taker; the caller commits.

    Raises ``Refusal`` when a customer of the plan has another keeper by now: nothing is handed over then.
    """
    names = values.names_of(("employee", key) for key in (found.keeper, *found.loads))
    done = 0
    with audit.bulk_change("a hand-over; each customer gets its own entry"):
        for taker in found.loads:
            ids = [key for key, who in found.taken.items() if who == taker]
            changed = sa.update(table).where(table.c.id.in_(ids), table.c.owner_id == found.keeper)
            stamps = {"row_version": table.c.row_version + 1, "changed_at": clock.now()}
            result: Any = session.execute(changed.values(owner_id=taker, **stamps))
            done += int(result.rowcount)
            audit.note_many(_notes(found.keeper, taker, ids, names, reason))
    if done != len(found.taken):
        raise Refusal(_("Some of these customers have another keeper by now; look at the proposal again."))
    session.expire_all()
    return done


def _notes(keeper: int, taker: int, ids: Sequence[int], names: values.Names, reason: str) -> Iterator[Note]:
    told = {"old": names.get(("employee", keeper), ""), "new": names.get(("employee", taker), ""), "reason": reason}
    return (Note("customer", key, "act", HANDED, told, changes={"owner_id": [keeper, taker]}) for key in ids)
