"""Customers handed over when their keeper leaves: who would take which, and doing it in one go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.customers.customer import Customer
from app.areas.customers.customer_assignment import CustomerAssignment
from app.areas.customers.sharing import ONE, Load, share_out
from app.areas.organisation.operations import capacities
from app.core import access, clock, values
from app.core.db import session
from app.core.errors import Problem, Refusal
from app.core.register import register_of
from app.core.wording import N_
from app.engines.audit import operations as audit
from app.engines.audit.operations import Note
from app.engines.deadlines.models import DeadlineClock
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
    loads = loads_of(takers)
    taken = share_out(customers, loads)
    if left := len(customers) - len(taken):
        text = _("For %(count)s of these customers nobody has room.", count=left)
        raise Refusal(Problem(text, "takers", "most"))
    return Plan(keeper, {taker: load.customers for taker, load in loads.items()}, taken)


def loads_of(keepers: Sequence[int], without: int = 0) -> dict[int, Load]:
    """The load of each keeper in the order given: customers kept (but one), weight and most; two statements."""
    kept = (table.c.merged_into_id.is_(None), table.c.left_on.is_(None), table.c.id != without)
    counted = sa.select(table.c.owner_id, sa.func.count()).where(table.c.owner_id.in_(keepers), *kept)
    known: Any = dict(map(tuple, session.execute(counted.group_by(table.c.owner_id))))
    able = capacities(keepers)
    return {one: Load(known.get(one, 0), *able.get(one, (ONE, None))) for one in keepers}


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
            audit.note_many(_notes("customer", found.keeper, taker, ids, names, reason))
            mine = _assignments(found.keeper, taker, ids)
            audit.note_many(_notes("customer_assignment", found.keeper, taker, mine, names, reason))
    if done != len(found.taken):
        raise Refusal(_("Some of these customers have another keeper by now; look at the proposal again."))
    session.expire_all()
    return done


def _assignments(keeper: int, taker: int, customers: Sequence[int]) -> Sequence[int]:
    """The assignments of these customers that are in force go over too, with their clocks; which they are."""
    row, running = CustomerAssignment, DeadlineClock
    live = sa.select(row.id).where(
        row.customer_id.in_(customers), row.person_id == keeper, row.accepted_at.is_not(None), row.to_date.is_(None)
    )
    ids = session.scalars(live.order_by(row.id)).all()
    if ids:
        given = {"person_id": taker, "owner_id": taker, "from_id": keeper}
        session.execute(sa.update(row).where(row.id.in_(ids)).values(row_version=row.row_version + 1, **given))
        own = (running.of_register == row.__tablename__, running.record_id.in_(ids), running.stopped_at.is_(None))
        session.execute(sa.update(running).where(*own, running.owner_id == keeper).values(owner_id=taker))
    return ids


def _notes(
    slug: str, keeper: int, taker: int, ids: Sequence[int], names: values.Names, reason: str
) -> Iterator[Note]:
    told = {"old": names.get(("employee", keeper), ""), "new": names.get(("employee", taker), ""), "reason": reason}
    return (Note(slug, key, "act", HANDED, told, changes={"owner_id": [keeper, taker]}) for key in ids)
