"""Customers allocated to keepers: the balance proposes, the supervisor decides, the first contact is kept in view."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.complaints.operations import take_system_step
from app.areas.customers.operations import Customer, CustomerAssignment, Load, loads_of, share_out
from app.areas.organisation.operations import capacities
from app.core import clock, moves, saving
from app.core.db import session
from app.core.errors import Problem
from app.core.hooks import Moved, Step, effect, guard
from app.core.lifecycle import Lifecycle
from app.core.ripples import after_change
from app.core.saving import Draft, check
from app.engines.people import operations as people
from app.engines.people.models import Employee
from app.engines.people.seats import holders_many

GIVES, REACHED, SPECIALIST = "give_customer", "reached", "specialist"
CHANGES = ("transfer", "leaving")


def keepers(case: Any, life: Lifecycle) -> list[int]:
    """Who may keep customers under the policy of a case, by staff number: the holders of the post that has what was
    given to it.
    """
    given = (life.states[move.target].holder for move in life.moves.values() if GIVES in move.effects)
    posts = {f"{life.policy}.{holder.post}" for holder in given if holder}
    seats = holders_many(sorted(posts), [people.path_of(case.adopter_id)], clock.today())
    ids = {seat.employee_id for seat in seats}
    found = sa.select(Employee.id).where(Employee.id.in_(ids), Employee.active.is_(True))
    return list(session.scalars(found.order_by(Employee.number)))


def balance(case: Any, life: Lifecycle) -> dict[int, Load]:
    """The load of everybody to whom a customer can be given; who has a capacity stands in, if anybody has one."""
    able = keepers(case, life)
    customer = session.get(Customer, case.customer_id or 0)
    if customer is not None and case.reason in CHANGES:
        able = [one for one in able if one != customer.owner_id]
    listed = capacities(able)
    return loads_of([one for one in able if one in listed] or able, case.customer_id or 0)


@effect("propose_keeper", early=True)
def propose_keeper(moved: Moved) -> None:
    """Who has the smallest load by weight is proposed, and how that came about is kept."""
    row: Any = moved.record
    known = balance(row, moved.lifecycle)
    if not known:
        return
    proposed = share_out([0], known).get(0)
    told = _told(known)
    fields = {"proposed_id": proposed, "balance": told}
    if row.person_id is None:
        fields["person_id"] = proposed
    moved.whole.update(fields)
    moved.whole.save()


def _told(known: Mapping[int, Load]) -> str:
    names = dict(map(tuple, session.execute(sa.select(Employee.id, Employee.name).where(Employee.id.in_(known)))))
    lines = (
        _("%(name)s: (%(count)s + 1) / %(weight)s = %(ratio)s", name=names[one], count=load.customers,
          weight=f"{load.weight:.2f}", ratio=f"{float(load.ratio()):.2f}")
        + ("" if load.has_room() else _(", no room"))
        for one, load in known.items()
    )  # fmt: skip
    return "\n".join(lines)


@guard("keeper_holds_post")
def keeper_holds_post(step: Step) -> Iterable[Problem]:
    """The keeper holds the post that keeps customers here, and has room for one more."""
    person, row = step.get("person_id"), step.whole.record
    if person is None:
        return
    if person not in keepers(row, step.lifecycle):
        yield Problem(_("This person does not keep customers here."), "person_id", "post", step.move.clause)
    elif not loads_of([person], step.get("customer_id") or 0)[person].has_room():
        yield Problem(_("This person keeps as many customers as allowed."), "person_id", "most", step.move.clause)


@guard("balance_or_reason")
def balance_or_reason(step: Step) -> Iterable[Problem]:
    """Another keeper than the balance proposes needs a reason."""
    proposed = step.get("proposed_id")
    if proposed not in (None, step.get("person_id")) and not step.get("override_reason"):
        name = session.get_one(Employee, proposed).name
        text = _("The balance proposes %(name)s: say why somebody else keeps the customer.", name=name)
        yield Problem(text, "override_reason", "required", step.move.clause)


@guard("customer_is_kept_once")
def customer_is_kept_once(step: Step) -> Iterable[Problem]:
    """The person does not keep the customer already, by an assignment in force of the same kind."""
    row = CustomerAssignment
    live = sa.select(row.id).where(
        row.customer_id == step.get("customer_id"), row.person_id == step.get("person_id"),
        row.kind == step.get("kind"), row.accepted_at.is_not(None), row.to_date.is_(None),
        row.id != step.whole.record.id,
    )  # fmt: skip
    if session.scalar(live.limit(1)) is not None:
        yield Problem(_("This person keeps the customer already."), "person_id", "other", step.move.clause)


@after_change("contact_log")
def contact_counts(row: Any) -> None:
    """The first talk of the keeper with an allocated customer ends the time for it; a try that reached nobody not."""
    if row.customer_id is None or row.outcome != REACHED:
        return
    held = CustomerAssignment
    waiting = sa.select(held).where(
        held.customer_id == row.customer_id, held.kind == SPECIALIST, held.person_id == row.owner_id,
        held.accepted_at.is_not(None), held.first_contact_at.is_(None), held.contact_due_at.is_not(None),
        held.to_date.is_(None), held.accepted_at <= clock.now(),
    )  # fmt: skip
    for case in session.scalars(waiting).all():
        now = clock.now()
        fields = {"first_contact_at": row.contacted_at, "contact_late": now > case.contact_due_at}
        whole = moves.whole_of(case)
        whole.update(fields)
        whole.save()
        saving.told(whole, fields)
        take_system_step(case)


MEANS = {"phone": "phone", "sms": "sms", "email": "email", "im": "wechat"}


@check("contact_log")
def channel_is_agreed(draft: Draft) -> Iterable[Problem]:
    """We write and call only by the channels that the customer's file allows, where it names any."""
    channel = MEANS.get(draft.get("means") or "")
    if draft.get("direction") != "out" or channel is None or draft.get("complaint_id") is not None:
        return
    customer = session.get(Customer, draft.get("customer_id") or 0)
    if customer is not None and customer.channels and channel not in customer.channels:
        text = _("The customer may not be contacted this way.")
        yield Problem(text, "means", "channel")
    elif customer is not None and customer.channels and channel == "email" and not customer.contact_email:
        yield Problem(_("The customer's file has no e-mail address."), "means", "channel")
