"""The inbox: what waits for a person, what he answered, what he put forward, what he got copies of. One query each."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import ColumnElement

from app.core import barring
from app.core.access import Access, Post
from app.core.db import session
from app.core.errors import NotFound
from app.core.kinds import LARGEST
from app.core.register import registers
from app.engines.approvals import calc
from app.engines.approvals.deciding import may_know
from app.engines.approvals.models import Approval, ApprovalRequest, Recusal
from app.engines.approvals.standing import capacity
from app.engines.approvals.telling import subject_of

TO_DO, DONE, MINE, COPIES = "todo", "done", "mine", "copies"
VIEWS = (TO_DO, DONE, MINE, COPIES)
SIZE = 50
COUNT_LIMIT = 999


@dataclass(frozen=True)
class Filters:
    """What narrows a view: a register, a policy, the start of the subject's number."""

    register: str = ""
    policy: str = ""
    text: str = ""


@dataclass(frozen=True)
class Item:
    """One line of a view; what one put forward has no step of one's own."""

    request: ApprovalRequest
    step: Approval | None


def waiting_for(access: Access) -> ColumnElement[bool]:
    """The open steps that a person may decide: his own, those of the posts he holds or stands in for; none recused."""
    return sa.false() if access.employee_id is None else _waiting_for(access.employee_id, access.posts)


@lru_cache(maxsize=2048)
def _waiting_for(me: int, posts: tuple[Post, ...]) -> ColumnElement[bool]:
    """Built once for what a person holds: every page counts it."""
    asked = [Approval.employee_id == me]
    for post in posts:
        asked.append(_by_post(post))
        if post.for_employee_id is not None:
            for_him = sa.or_(Approval.post == post.code, Approval.post.is_(None))
            asked.append(sa.and_(Approval.employee_id == post.for_employee_id, for_him))
    # the state stands in every branch, so that each finds its own index
    waiting = sa.or_(*(sa.and_(Approval.status == calc.OPEN, branch) for branch in asked))
    recused = sa.exists().where(
        Recusal.employee_id == me, Recusal.of_register == ApprovalRequest.of_register,
        Recusal.record_id == ApprovalRequest.record_id, Recusal.route == ApprovalRequest.route,
    )
    return sa.and_(waiting, Approval.kind != calc.COPY, ~recused)


def _by_post(post: Post) -> ColumnElement[bool]:
    adopters = [int(part) for part in post.unit_path.strip("/").split("/") if part]
    here = sa.or_(Approval.unit_id.is_(None), Approval.unit_id == post.unit_id)
    return sa.and_(Approval.employee_id.is_(None), Approval.post == post.code, Approval.adopter_id.in_(adopters), here)


def _conditions(view: str, access: Access) -> ColumnElement[bool]:
    """What a view holds, without what the person is kept from."""
    kept = barring.kept_from(registers()[ApprovalRequest.__tablename__], access.barred)
    return sa.and_(_view(view, access), *kept) if kept else _view(view, access)


def _view(view: str, access: Access) -> ColumnElement[bool]:
    me = access.employee_id
    if me is None:
        return sa.false()
    if view == DONE:
        return Approval.decided_by_id == me
    if view == MINE:
        return ApprovalRequest.owner_id == me
    if view == COPIES:
        here = Approval.status.in_((calc.OPEN, calc.READ))
        return sa.and_(here, Approval.employee_id == me, Approval.kind == calc.COPY)
    return waiting_for(access)


def _narrowed(filters: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.register:
        found.append(ApprovalRequest.of_register == filters.register)
    if filters.policy:
        found.append(ApprovalRequest.policy == filters.policy)
    if filters.text:
        found.append(ApprovalRequest.title.startswith(filters.text, autoescape=True))
    return found


def items(view: str, access: Access, filters: Filters | None = None, size: int = SIZE) -> list[Item]:
    """The lines of a view: what waits longest comes first, otherwise the newest."""
    where = (_conditions(view, access), *_narrowed(filters or Filters()))
    if view == MINE:
        mine = sa.select(ApprovalRequest).where(*where).order_by(ApprovalRequest.opened_at.desc())
        return [Item(request, None) for request in session.scalars(mine.limit(size))]
    query = sa.select(ApprovalRequest, Approval).join(Approval, Approval.request_id == ApprovalRequest.id).where(*where)
    orders = {TO_DO: (Approval.opened_at, Approval.id), DONE: (Approval.decided_at.desc(), Approval.id.desc())}
    query = query.order_by(*orders.get(view, (Approval.opened_at.desc(), Approval.id.desc()))).limit(size)
    return [Item(request, step) for request, step in session.execute(query)]


def count(view: str, access: Access) -> int:
    """How many lines a view has, counted up to a limit; of the copies only the unread."""
    return counts(access, view)[view]


def counts(access: Access, *views: str) -> dict[str, int]:
    """The same of several views; one statement."""
    found = session.execute(sa.select(*(count_query(view, access).scalar_subquery() for view in views))).one()
    return dict(zip(views, found, strict=True))


def count_query(view: str, access: Access) -> sa.Select[int]:
    """How many lines a view has as a query, for whoever counts more with it."""
    where = _conditions(view, access)
    return _counting(view, sa.and_(where, Approval.status == calc.OPEN) if view == COPIES else where)


@lru_cache(maxsize=256)
def _counting(view: str, where: ColumnElement[bool]) -> sa.Select[int]:
    some = sa.select(ApprovalRequest.id).where(where).limit(COUNT_LIMIT)
    if view != MINE:
        some = some.join(Approval, Approval.request_id == ApprovalRequest.id)
    return sa.select(sa.func.count()).select_from(some.subquery())


def waiting_on(slug: str, record_id: int, access: Access) -> Approval | None:
    """The person's open step on one record."""
    query = sa.select(Approval).join(ApprovalRequest, Approval.request_id == ApprovalRequest.id)
    here = (ApprovalRequest.of_register == slug, ApprovalRequest.record_id == record_id)
    if barring.is_barred(slug, record_id, access.barred):
        return None
    return session.scalar(query.where(*here, waiting_for(access)).order_by(Approval.id).limit(1))


def course(slug: str, record_id: int) -> Sequence[tuple[ApprovalRequest, Approval]]:
    """Every step of every request of a record, oldest first."""
    query = (
        sa.select(ApprovalRequest, Approval)
        .join(Approval, Approval.request_id == ApprovalRequest.id)
        .where(ApprovalRequest.of_register == slug, ApprovalRequest.record_id == record_id)
        .order_by(ApprovalRequest.id, Approval.position, Approval.id)
    )
    return [(request, step) for request, step in session.execute(query)]


def by_register(found: Sequence[Item]) -> Mapping[str, list[int]]:
    """The records behind some lines, by register."""
    wanted: dict[str, list[int]] = defaultdict(list)
    for item in found:
        wanted[item.request.of_register].append(item.request.record_id)
    return wanted


def faces(requests: Sequence[ApprovalRequest]) -> dict[int, int]:
    """The step by which each request is shown: the one that waits, else the last."""
    wanted = [request.id for request in requests]
    if not wanted:
        return {}
    query = sa.select(Approval.request_id, Approval.id).where(Approval.request_id.in_(wanted))
    waits_last = (Approval.status == calc.OPEN, Approval.position, Approval.id)
    ordered = query.where(Approval.kind.not_in(calc.BESIDE)).order_by(*waits_last)
    return {row.request_id: row.id for row in session.execute(ordered)}


def look_at(step_id: int, access: Access) -> tuple[Approval, ApprovalRequest, Any]:
    """A step with its request and record, to read; raises ``NotFound`` outside the person's reach."""
    step = session.get(Approval, step_id) if 0 < step_id < LARGEST else None
    if step is None:
        raise NotFound()
    request = session.get_one(ApprovalRequest, step.request_id)
    record = subject_of(request)
    kept = barring.is_barred(request.of_register, request.record_id, access.barred)
    if kept or (not may_know(request, record, access) and capacity(step, access, ()) is None):
        raise NotFound()
    return step, request, record


def approved_since(access: Access, first: dt.datetime) -> tuple[int, Decimal]:
    """How many steps a person approved since an instant, and the sum of their amounts in yuan."""
    mine = (Approval.decided_by_id == access.employee_id, Approval.status == calc.APPROVED)
    query = sa.select(sa.func.count(), sa.func.sum(ApprovalRequest.amount)).join(
        Approval, Approval.request_id == ApprovalRequest.id
    )
    number, amount = session.execute(query.where(*mine, Approval.decided_at >= first)).one()
    return number, amount or Decimal(0)
