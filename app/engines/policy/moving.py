"""Running cases that go over to a version in force, because an administrator asks for it; otherwise they never do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core import access, clock
from app.core.db import session
from app.core.errors import Problem, Refusal
from app.core.register import registers
from app.core.wording import N_
from app.engines.audit import operations as audit
from app.engines.audit.operations import Note
from app.engines.policy import versions
from app.engines.policy.models import APPROVED, PackVersion
from app.packs.schema import Pack

BATCH = 1000
WENT_OVER = N_("Goes on under version %(version)s of %(policy)s instead of %(before)s: %(reason)s")

Bound = Callable[[str, Pack, Iterable[Pack]], "sa.Select[int]"]
Follower = Callable[["Going"], None]
_bound: list[Bound] = []
_followers: list[Follower] = []


class Group(NamedTuple):
    """Running cases of one register, version and state; ``why_not`` is empty when they may go over."""

    slug: str
    version_id: int
    status: str
    cases: int
    bound: bool
    why_not: str


@dataclass(frozen=True)
class Going:
    """Cases that have just gone over: their ids by the id of the version that they had."""

    slug: str
    target: PackVersion
    before: dict[int, int]


def stays_bound(function: Bound) -> Bound:
    """Name cases that cannot go over now: ``function(slug, new pack, other packs)`` selects their ids."""
    if function not in _bound:
        _bound.append(function)
    return function


def on_moved_over(function: Follower) -> Follower:
    """Call ``function`` in the same transaction with every batch of cases that went over."""
    if function not in _followers:
        _followers.append(function)
    return function


# -- what there is ---------------------------------------------------------------------------------------------------


def groups(target: PackVersion) -> list[Group]:
    """The running cases of the policy under its other versions, counted with one statement."""
    pack, others = versions.pack_for(target.id), _others(target)
    slugs = sorted({slug for other in others.values() for slug in other.cases} & set(registers()))
    if not slugs:
        return []
    counted = sa.union_all(*(_counted(slug, pack, others) for slug in slugs))
    found = []
    for slug, version_id, status, bound, count in session.execute(counted.order_by("slug", "version_id", "status")):
        case = others[version_id].cases.get(slug)
        if case is not None and status in case.states and not case.states[status].final:
            why = _why_not(pack, others[version_id], slug, status, bool(bound))
            found.append(Group(slug, version_id, status, count, bool(bound), why))
    return found


def running(codes: Iterable[str] | None = None) -> dict[int, int]:
    """How many cases run under each version (of some policies, or of all), with one statement."""
    wanted = list(codes) if codes is not None else None
    queries = [_states_of(register.model.__table__, wanted) for register in registers().values() if register.from_pack]
    found: dict[int, int] = {}
    rows = session.execute(sa.union_all(*queries)) if queries else ()
    for slug, version_id, status, count in rows:
        case = versions.pack_for(version_id).cases.get(slug)
        if case is not None and status in case.states and not case.states[status].final:
            found[version_id] = found.get(version_id, 0) + count
    return found


def _states_of(table: sa.Table, codes: list[str] | None) -> sa.Select[Any]:
    query = sa.select(sa.literal(table.name), table.c.pack_version_id, table.c.status, sa.func.count())
    query = query.where(table.c.policy.in_(codes)) if codes is not None else query
    return query.group_by(table.c.pack_version_id, table.c.status)


def _others(target: PackVersion) -> dict[int, Pack]:
    query = sa.select(PackVersion.id).where(PackVersion.code == target.code, PackVersion.id != target.id)
    return {key: versions.pack_for(key) for key in session.scalars(query.order_by(PackVersion.version))}


def _counted(slug: str, pack: Pack, others: Mapping[int, Pack]) -> sa.Select[Any]:
    table = registers()[slug].model.__table__
    bound = sa.case((_is_bound(slug, pack, others), 1), else_=0)
    inner = (
        sa.select(table.c.pack_version_id, table.c.status, bound.label("bound"))
        .where(table.c.policy == pack.code, table.c.pack_version_id.in_(list(others)))
        .subquery()
    )
    named = sa.literal(slug).label("slug"), inner.c.pack_version_id.label("version_id"), inner.c.status.label("status")
    return sa.select(*named, inner.c.bound, sa.func.count()).group_by(
        inner.c.pack_version_id, inner.c.status, inner.c.bound
    )


def _is_bound(slug: str, pack: Pack, others: Mapping[int, Pack]) -> sa.ColumnElement[bool]:
    key = registers()[slug].model.__table__.c.id
    return sa.or_(sa.false(), *(key.in_(function(slug, pack, others.values())) for function in _bound))


def _why_not(pack: Pack, old: Pack, slug: str, status: str, bound: bool) -> str:
    case = pack.cases.get(slug)
    if case is None:
        return _("The new version does not govern these cases.")
    if case.detail != old.cases[slug].detail:
        return _("The new version keeps other fields.")
    if status not in case.states or case.states[status].final:
        return _("The new version has no such state on the way.")
    return _("A decision is open that the new version does not know.") if bound else ""


def choose(target: PackVersion) -> dict[str, sa.ColumnElement[bool]]:
    """By register, the condition on its rows that go over."""
    pack, others = versions.pack_for(target.id), _others(target)
    places: dict[str, list[sa.ColumnElement[bool]]] = {}
    for group in groups(target):
        if not group.why_not:
            table = registers()[group.slug].model.__table__
            here = sa.and_(table.c.pack_version_id == group.version_id, table.c.status == group.status)
            places.setdefault(group.slug, []).append(here)
    return {slug: sa.and_(sa.or_(*found), sa.not_(_is_bound(slug, pack, others))) for slug, found in places.items()}


# -- going over ------------------------------------------------------------------------------------------------------


def move_over(target: PackVersion, reason: str) -> int:
    """Let every running case that fits go on under a version in force; how many did. The caller commits.

    Each case keeps in its history why, and which of its limits moved. Raises ``Forbidden`` for anybody who may not
    change policies, ``Refusal`` for a version that is not in force or a missing reason.
    """
    access.require("pack_version", "write")
    Refusal.when(_hindrances(target, reason))
    chosen = choose(target)
    return sum(
        _carry_over(slug, target, before, reason)
        for slug, condition in chosen.items()
        for before in _batches(slug, condition)
    )


def _hindrances(target: PackVersion, reason: str) -> Iterator[Problem]:
    in_force = versions.current_version(target.code, clock.today())
    if target.status != APPROVED or in_force is None or in_force.id != target.id:
        yield Problem(_("Cases go over only to the version in force."), "version", "state")
    if not reason.strip():
        yield Problem(_("Please give the reason."), "reason", "required")


def _batches(slug: str, condition: sa.ColumnElement[bool]) -> Iterator[dict[int, int]]:
    """Versions by the ids of cases, locked; each batch leaves the condition."""
    table = registers()[slug].model.__table__
    query = sa.select(table.c.id, table.c.pack_version_id).where(condition).order_by(table.c.id).limit(BATCH)
    last = 0
    while rows := session.execute(query.where(table.c.id > last).with_for_update()).all():
        yield {row.id: row.pack_version_id for row in rows}
        last = rows[-1].id


def _carry_over(slug: str, target: PackVersion, before: dict[int, int], reason: str) -> int:
    model: Any = registers()[slug].model
    change = sa.update(model).where(model.id.in_(list(before))).values(
        pack_version_id=target.id, row_version=model.row_version + 1, changed_at=clock.now()
    )  # fmt: skip
    with audit.bulk_change("an administrator lets running cases go over; each gets its own entry"):
        session.execute(change, execution_options={"synchronize_session": False})
    session.expire_all()
    audit.note_many(_notes(slug, target, before, reason))
    for follower in _followers:
        follower(Going(slug, target, before))
    return len(before)


def _notes(slug: str, target: PackVersion, before: dict[int, int], reason: str) -> Iterator[Note]:
    numbers = {key: versions.pack_for(key).version for key in set(before.values())}
    for record_id, version_id in before.items():
        said = {"policy": target.code, "version": target.version, "before": numbers[version_id], "reason": reason}
        yield Note(slug, record_id, "act", WENT_OVER, said)
