"""What a proposal to merge two customers must obey, and what its approval does."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.customers import duplicates
from app.areas.customers.customer import Customer
from app.areas.customers.customer_merge import PROPOSED, CustomerMerge
from app.core import access
from app.core.db import session
from app.core.errors import Forbidden, Problem
from app.core.hooks import Moved, Step, effect, guard
from app.core.saving import Draft, before_create, check
from app.core.whole import Whole
from app.engines.merging import operations as merging


def pair(keep_id: int, gone_id: int) -> tuple[Customer, Customer]:
    """Both customers of a proposal."""
    return session.get_one(Customer, keep_id), session.get_one(Customer, gone_id)


@check("customer_merge")
def they_can_become_one(draft: Draft) -> Iterable[Problem]:
    """Two customers that the person keeps, neither merged yet, and not proposed already."""
    keys = [draft.get(name) for name in ("keep_id", "gone_id")]
    known = [row for key in keys if key and (row := session.get(Customer, key)) is not None]
    if len(known) < len(keys) or draft.whole.record.id is not None:  # steps have guards of their own
        return
    for name, row in zip(("keep_id", "gone_id"), known, strict=True):
        if not access.may(row, "write"):
            yield Problem(_("You may not change “%(name)s”.", name=row.name), name, "reach")
    for problem in merging.hindrances(*known):
        yield Problem(problem.message, "gone_id", problem.rule)
    open_ = sa.select(CustomerMerge.id).where(CustomerMerge.gone_id == keys[1], CustomerMerge.status == PROPOSED)
    if session.scalar(open_.limit(1)) is not None:
        yield Problem(_("Its merging is proposed already."), "gone_id", "unique")


@before_create("customer_merge")
def say_why(whole: Whole) -> None:
    """By what the two are alike, as the program sees it; the proposal lies where the customer lies that stays."""
    keep, gone = pair(whole.get("keep_id"), whole.get("gone_id"))
    found, _hidden = duplicates.alike(lambda name: getattr(keep, name), keep.id)
    same = [list(one.ways) for one in found if one.id == gone.id]
    whole.update({"evidence": same[0] if same else None})
    record: Any = whole.record
    record.unit_id = keep.unit_id


@guard("merge_of_another", hides=True)
def merge_of_another(step: Step) -> Iterable[Problem]:
    """Nobody decides on his own proposal."""
    record: Any = step.whole.record
    if record.owner_id is not None and record.owner_id == step.access.employee_id:
        raise Forbidden(_("You proposed this merging; somebody else decides on it."))
    return ()


@guard("own_merge", hides=True)
def own_merge(step: Step) -> Iterable[Problem]:
    """Only who proposed it takes it back."""
    record: Any = step.whole.record
    if record.owner_id != step.access.employee_id:
        raise Forbidden(_("Only the person who proposed it takes it back."))
    return ()


@guard("both_in_reach", hides=True)
def both_in_reach(step: Step) -> Iterable[Problem]:
    """Whoever decides may change both customers."""
    for row in pair(step.whole.get("keep_id"), step.whole.get("gone_id")):
        if not access.may(row, "write"):
            raise Forbidden(_("You may not change both customers; somebody who keeps both decides."))
    return ()


@guard("can_be_merged")
def can_be_merged(step: Step) -> Iterable[Problem]:
    """Nothing has happened meanwhile that stands against it."""
    yield from merging.hindrances(*pair(step.whole.get("keep_id"), step.whole.get("gone_id")))


@effect("merge_customers")
def merge_customers(moved: Moved) -> None:
    """Let the one take the place of the other."""
    record: Any = moved.record
    keep, gone = pair(record.keep_id, record.gone_id)
    record.moved = merging.merge(keep, gone).count
