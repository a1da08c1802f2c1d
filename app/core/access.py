"""What a person may do, and on which rows: permissions × data scope, never the union of all roles with all units."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from flask import g, has_request_context
from sqlalchemy.sql import ColumnElement
from sqlalchemy.sql.elements import AsBoolean
from sqlalchemy.sql.operators import is_true

from app.core import actor, barring
from app.core.db import Model
from app.core.errors import Forbidden
from app.core.register import OPEN, PARENT, Register, register_of, registers
from app.core.scope import Participation

OWN, UNIT, BELOW, UNITS, ALL = "own", "unit", "unit_and_below", "units", "all"


@dataclass(frozen=True)
class Reach:
    """The rows that one holding opens: a scope seen from the unit it is held in."""

    scope: str
    unit_id: int | None = None
    unit_path: str = ""
    unit_ids: tuple[int, ...] = ()
    owner_id: int | None = None


@dataclass(frozen=True)
class Post:
    """A post of a policy held in a unit, in one's own name or as a deputy."""

    code: str
    unit_id: int
    unit_path: str
    for_employee_id: int | None = None


@dataclass(frozen=True)
class Access:
    """Everything a request needs to know of its person; loaded with one statement.

    ``barred`` are the rows that are about the person, or about whom he stands in for: nothing opens them.
    """

    user_id: int | None = None
    employee_id: int | None = None
    everything: bool = False
    grants: dict[tuple[str, str], frozenset[Reach]] = field(default_factory=dict)
    posts: tuple[Post, ...] = ()
    name: str = ""
    barred: barring.Rows = frozenset()

    def can(self, slug: str, action: str) -> bool:
        """Whether any holding gives this action on the register at all."""
        return self.everything or (slug, action) in self.grants

    def reaches(self, slug: str, action: str) -> frozenset[Reach]:
        """The reaches of exactly the holdings that give this action."""
        if self.everything:
            return frozenset({Reach(ALL)})
        return self.grants.get((slug, action), frozenset())

    def holds(self, codes: Iterable[str], within: str = "", unit_id: int | None = None) -> Post | None:
        """The post among ``codes`` held inside the unit path ``within`` (and in exactly ``unit_id`` when given)."""
        wanted = set(codes)
        for post in self.posts:
            fits = post.unit_path.startswith(within) and unit_id in (None, post.unit_id)
            if post.code in wanted and fits:
                return post
        return None


SYSTEM = Access(everything=True)
SIGNED_IN: set[str] = {"lookup"}
"""Screens that every signed-in person may open, by FAB view name; they limit their rows themselves."""
_load: Callable[[int], Access] | None = None
_kept: ContextVar[dict[int | None, Access] | None] = ContextVar("kept", default=None)
_unseal: Callable[[Register, str, Access], ColumnElement[bool]] | None = None


def set_loader(load: Callable[[int], Access]) -> None:
    """Tell core who knows the holdings (the people engine)."""
    global _load
    _load = load


def set_unsealer(unseal: Callable[[Register, str, Access], ColumnElement[bool]]) -> None:
    """Tell core who knows the people to whom rows of sealed registers are open (the shielding engine)."""
    global _unseal
    _unseal = unseal


def current() -> Access:
    """The access of whoever acts now; jobs without an account act as the system."""
    account, kept = actor.user_id(), _kept.get()
    if kept is None and not has_request_context():
        return SYSTEM if account is None or _load is None else _load(account)
    cache: dict[int | None, Access] = g.setdefault("access", {}) if kept is None else kept
    if account not in cache:
        loaded = _load(account) if account is not None and _load else Access()
        key = _key()
        cache[account] = key.narrowed(loaded) if key and key.account_id == account else loaded
    return cache[account]


def _key() -> Any:
    """The API key that the request brings, if it brings one."""
    return g.get("program_key") if has_request_context() else None


@contextmanager
def remembered() -> Iterator[None]:
    """Load what a person may do once in the block: for long work without a request."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def require(slug: str, action: str) -> None:
    """Refuse with 403 when no holding gives the action."""
    if not current().can(slug, action):
        if (key := _key()) is not None and not key.opens(slug, action):
            raise Forbidden(key.refusal(slug, action))
        from app.core.words import forbidden

        raise Forbidden(forbidden(slug, action))


def rows(
    register: Register, action: str = "read", access: Access | None = None, *, passed: bool = False
) -> ColumnElement[bool]:
    """The WHERE clause of the rows that the person may reach with ``action``; OR over the granting holdings.

    ``passed`` says that the statement passes every row anyway: what was sent to whom is then looked up once for all.
    """
    access = access or current()
    held = _opened(register, action, access, passed)
    kept = barring.kept_from(register, access.barred)
    return sa.and_(held, *kept) if kept else held


def _opened(register: Register, action: str, access: Access, passed: bool) -> ColumnElement[bool]:
    guard = registers()[register.guarded_by]
    if register.closed:
        return _unsealed(register, action, access)
    if register.scope == PARENT:
        return sa.true() if _reaches_all(access, guard.slug, action) else _through_parent(register, action, access)
    return _held(register.model, access.reaches(guard.slug, action), access.employee_id, passed)


def _unsealed(register: Register, action: str, access: Access) -> ColumnElement[bool]:
    """No holding opens a sealed row: only who is let in by name or by the policy, and jobs of the program itself."""
    if access.everything and access.user_id is None:
        return sa.true()
    return _unseal(register, action, access) if _unseal and access.can(register.slug, action) else sa.false()


@lru_cache(maxsize=4096)
def _held(model: Any, reaches: frozenset[Reach], employee_id: int | None, passed: bool) -> ColumnElement[bool]:
    """Built once for people who hold the same: a page asks for it many times."""
    register: Register = model.register
    if reaches and (register.scope == OPEN or any(reach.scope == ALL for reach in reaches)):
        return sa.true()
    mine = _mine(register, reaches, employee_id, passed)
    ways = [*(_clause(register, reach, passed) for reach in reaches), *mine]
    return sa.or_(*ways) if ways else sa.false()


def _mine(
    register: Register, reaches: Iterable[Reach], employee_id: int | None, passed: bool
) -> list[ColumnElement[bool]]:
    """Rows of the person, or of whom he stands in for, and those that either was asked about by name."""
    if register.scope == OPEN:
        return []
    owner, shown = register.model.__table__.c.owner_id + 0, given_out(register)
    people = {who for reach in reaches if (who := reach.owner_id or employee_id)}
    asked = ((who, _sent(register, Participation.employee_id == who, passed)) for who in sorted(people))
    return [sa.or_(sa.and_(owner == who, *shown), sent) for who, sent in asked]


def settled(condition: ColumnElement[bool]) -> bool | None:
    """Whether a condition holds for every row, or for none; ``None`` if that depends on the row."""
    constant = condition.element if isinstance(condition, AsBoolean) and condition.operator is is_true else condition
    return True if isinstance(constant, sa.True_) else False if isinstance(constant, sa.False_) else None


def reaches_all(register: Register, action: str) -> bool:
    """Whether a holding of the person opens every row of a register."""
    return _reaches_all(current(), register.guarded_by, action)


def _reaches_all(access: Access, slug: str, action: str) -> bool:
    return any(reach.scope == ALL for reach in access.reaches(slug, action))


def parent_of(register: Register) -> tuple[Any, Register]:
    """The column that leads to the parent row, and the parent's register."""
    if register.detail_of:
        return register.model.__table__.c.id, registers()[register.detail_of]
    return register.model.__table__.c[register.parent], registers()[register.fields[register.parent].target]


def _through_parent(register: Register, action: str, access: Access) -> ColumnElement[bool]:
    if not access.can(register.guarded_by, action):
        return sa.false()
    return _led_by(register.model, rows(parent_of(register)[1], "read", access))


@lru_cache(maxsize=4096)
def _led_by(model: Any, above: ColumnElement[bool]) -> ColumnElement[bool]:
    column, parent = parent_of(model.register)
    # looked up row by row: a list of all parents in reach would be read to its end for a single line
    seen = sa.select(sa.literal(1)).where(parent.model.__table__.c.id == column, above)
    return seen.correlate(model.__table__).exists()


def _clause(register: Register, reach: Reach, passed: bool) -> ColumnElement[bool]:
    """The rows of the units that a holding opens; its own rows need no unit."""
    if reach.scope == OWN:
        return sa.false()
    # the unary zero keeps SQLite on the index of the list's order instead of the unit's
    unit, opened = register.model.__table__.c.unit_id + 0, units(reach)
    mine = sa.and_(unit.in_(opened), *given_out(register))
    return sa.or_(mine, _sent(register, Participation.unit_id.in_(opened), passed))


def given_out(register: Register) -> list[ColumnElement[bool]]:
    """The condition of rows that are no longer withheld from their own unit and person."""
    return [register.model.__table__.c.status.not_in(register.withheld)] if register.withheld else []


def units(reach: Reach) -> Any:
    """The ids of the units that a holding opens, or the query for them."""
    if reach.scope == UNIT:
        return [reach.unit_id]
    org_unit = Model.metadata.tables["org_unit"]
    if reach.scope == UNITS:
        top = org_unit.alias("top")
        below = org_unit.join(top, org_unit.c.path.startswith(top.c.path))
        return sa.select(org_unit.c.id).select_from(below).where(top.c.id.in_(reach.unit_ids))
    return sa.select(org_unit.c.id).where(org_unit.c.path.startswith(reach.unit_path, autoescape=True))


def covers(reach: Reach, unit: Any) -> bool:
    """Whether a holding opens a unit, whose path names every unit above it and itself."""
    if reach.scope == BELOW:
        return bool(unit.path.startswith(reach.unit_path))
    if reach.scope == UNIT:
        return bool(unit.id == reach.unit_id)
    if reach.scope == UNITS:
        return not set(reach.unit_ids).isdisjoint(map(int, unit.path.strip("/").split("/")))
    return reach.scope == ALL


def _sent(register: Register, to: ColumnElement[bool], passed: bool) -> ColumnElement[bool]:
    if not register.participants:
        return sa.false()
    here, key = Participation.register == register.slug, register.model.__table__.c.id
    if passed:
        found: ColumnElement[bool] = key.in_(sa.select(Participation.record_id).where(here, to))
        return found
    return sa.exists().where(here & (Participation.record_id == key), to)


def may(record: Any, action: str) -> bool:
    """Whether the person reaches this very row with ``action``."""
    register = register_of(record)
    from app.core.db import session

    reached, table = rows(register, action), register.model.__table__
    if settled(reached):
        return True
    return session.scalar(sa.select(sa.literal(1)).where(table.c.id == record.id, reached)) is not None


def collect(pairs: Iterable[tuple[str, str, Reach]]) -> dict[tuple[str, str], frozenset[Reach]]:
    """Grants by (register, action) out of (register, action, reach) rows."""
    found: dict[tuple[str, str], set[Reach]] = defaultdict(set)
    for slug, action, reach in pairs:
        found[slug, action].add(reach)
    return {key: frozenset(reaches) for key, reaches in found.items()}
