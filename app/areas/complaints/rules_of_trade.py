"""What every save of traded goods, of opinions and of urging must obey, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.complaints.complaint import Complaint
from app.areas.complaints.customer_opinion import CustomerOpinion
from app.core import clock, moves
from app.core.db import session
from app.core.errors import Problem
from app.core.ripples import after_change
from app.core.saving import Draft, check
from app.engines.policy import operations as policy

FORM, JOINT, OPINION = "第二十五条1", "第二十五条2", "第十八条"


@check("complaint_trade")
def quantities_of_goods_agree(draft: Draft) -> Iterable[Problem]:
    """Not more defective, nor more coming back, than was shipped; nothing ships in the future."""
    shipped = draft.get("quantity")
    for name in ("defective_qty", "approved_return_qty"):
        if shipped is not None and (part := draft.get(name)) is not None and part > shipped:
            text = _("%(back)s is more than the shipped %(all)s.", back=f"{part:,}", all=f"{shipped:,}")
            yield Problem(text, name, "not_above", FORM)
    if (day := draft.get("shipped_on")) and day > clock.today():
        yield Problem(_("The shipment lies in the future."), "shipped_on", "not_future", FORM)


@check("complaint")
def refused_form_is_attached(draft: Draft) -> Iterable[Problem]:
    """After a refusal a form about the same matter is opened out of the refused one, which stays attached to it."""
    record: Any = draft.whole.record
    rule = policy.pack_for(record.pack_version_id).cases["complaint"].new_form
    if record.id is not None or record.previous_id is not None or rule is None or not rule.same:
        return
    wanted = {name: draft.get(name) for name in rule.same}
    if None in wanted.values():
        return
    refused = next((old for old in _refused(record, rule.move) if _same(old, wanted)), None)
    if refused is not None:
        text = _("The customer refused form %(number)s about the same goods; fill the new form out of it, so that the "
                 "original is attached.", number=refused.number)  # fmt: skip
        yield Problem(text, "previous_id", "original_form", rule.clause)


def _refused(record: Any, move: str) -> Iterable[Complaint]:
    """Forms of the same adopter that wait for a new one."""
    life = moves.lifecycle_of(record)
    states = life.moves[move].sources if life else ()
    waiting = sa.select(Complaint).filter_by(adopter_id=record.adopter_id, policy=record.policy, next_id=None)
    return session.scalars(waiting.where(Complaint.status.in_(states)).order_by(Complaint.id.desc()))


def _same(old: Complaint, wanted: dict[str, Any]) -> bool:
    whole = moves.whole_of(old)
    return all(whole.get(name) == value for name, value in wanted.items())


@check("customer_opinion")
def opinion_was_received(draft: Draft) -> Iterable[Problem]:
    """An opinion is written down once it is there, and concerns that customer's complaint."""
    if (at := draft.get("received_at")) and at > clock.now():
        yield Problem(_("The opinion cannot arrive in the future."), "received_at", "not_future", OPINION)
    complaint = session.get(Complaint, draft.get("complaint_id") or 0)
    if complaint is not None and complaint.customer_id != draft.get("customer_id"):
        yield Problem(_("The complaint is that of another customer."), "complaint_id", "same_customer", OPINION)


@check("opinion_urge")
def urged_before_done(draft: Draft) -> Iterable[Problem]:
    """Urged in the past, and done after that."""
    urged, done = draft.get("urged_at"), draft.get("done_at")
    if urged and urged > clock.now():
        yield Problem(_("This lies in the future."), "urged_at", "not_future", "第十九条")
    if urged and done and not urged <= done <= clock.now():
        yield Problem(_("It was done after the urging and not in the future."), "done_at", "between", "第十九条")


@after_change("opinion_urge")
def department_sees_the_opinion(urge: Any) -> None:
    """The department that is urged sees the opinion from then on."""
    if not sa.inspect(urge).deleted:
        moves.send_to(session.get_one(CustomerOpinion, urge.opinion_id), urge.to_unit_id)
        session.flush()
