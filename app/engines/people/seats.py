"""Who may do what and where: the access of an account, and the people behind a post."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import (
    Permission,
    PermissionView,
    Role,
    User,
    ViewMenu,
    assoc_permissionview_role,
    assoc_user_role,
)
from flask_babel import gettext as _
from sqlalchemy import orm

from app.core import access, clock, moves
from app.core.access import Access, Post, Reach
from app.core.barring import Barrier
from app.core.db import session
from app.core.errors import Problem, Refusal
from app.core.remembering import within_transaction
from app.engines.people import catalogue
from app.engines.people.models import Deputy, Employee, Holding, OrgUnit

FEW = 50  # more paths would be a longer search than reading all holders of the posts
PATHS = tuple(f"within_{number}" for number in range(FEW))
NOBODY = sa.cast(sa.null(), Employee.__table__.c.id.type)
WHOLE = sa.cast(sa.null(), Deputy.__table__.c.only.type)


class Seat(NamedTuple):
    """A post held in a unit, in one's own name or for another."""

    post: str
    path: str
    unit_id: int
    employee_id: int
    for_employee_id: int | None = None


# -- access of an account ----------------------------------------------------------------------------------------------


@within_transaction(Employee, Holding, OrgUnit, Deputy, Role, Barrier)
def load_access(user_id: int) -> Access:
    """Everything a request needs to know of an account, in one statement; deputies included.

    A deputy reaches what the person he stands in for reaches, but never administers for him.
    """
    rows = session.execute(_access_query(), {"account": user_id, "day": clock.today()}).all()
    if not rows:
        return Access(user_id)
    held = [row for row in rows if row.role is not None and _stands_in(row)]
    everything = any(row.administers for row in rows) or any(
        row.role == catalogue.ADMIN and row.for_id is None for row in held
    )
    posts = {Post(row.post, row.unit_id, row.path, row.for_id) for row in held if row.post}
    own_first = sorted(posts, key=lambda post: (post.for_employee_id is not None, post.code, post.unit_id))
    grants = _grants(tuple((_reach(row), row.granted or "") for row in held))
    barred = frozenset(found for row in rows for found in _barred(row))
    return Access(user_id, rows[0].employee_id, everything, grants, tuple(own_first), rows[0].name or "", barred)


def _barred(row: Any) -> Iterator[tuple[str, int]]:
    """The rows that are about a person or a unit he belongs to, out of the text that the statement gathers."""
    for found in ",".join(filter(None, (row.by_name, row.by_unit))).split(","):
        slug, colon, key = found.partition(":")
        if colon:
            yield slug, int(key)


@cache
def _access_query() -> Any:
    """Built once: it is asked on every request."""
    account, day = sa.bindparam("account", type_=sa.Integer), sa.bindparam("day", type_=sa.Date)
    administers = sa.exists().where(
        assoc_user_role.c.user_id == User.id, assoc_user_role.c.role_id == Role.id, Role.name == catalogue.ADMIN
    )
    home = orm.aliased(OrgUnit)
    mine = (
        sa.select(
            Employee.id.label("employee_id"), Employee.name, administers.correlate(User).label("administers"),
            NOBODY.label("for_id"), WHOLE.label("only"), *_held_columns(), *_barred_columns(Employee, home),
        )
        .select_from(User)
        .outerjoin(Employee, (Employee.account_id == User.id) & Employee.active)
        .outerjoin(home, home.id == Employee.unit_id)
        .outerjoin(Holding, (Holding.owner_id == Employee.id) & Holding.holds_on(day))
        .outerjoin(OrgUnit, OrgUnit.id == Holding.unit_id)
        .where(User.id == account)
    )
    me, absent = orm.aliased(Employee), orm.aliased(Employee)
    for_others = (
        sa.select(me.id, me.name, sa.false(), absent.id, Deputy.only, *_held_columns(), *_barred_columns(absent, home))
        .select_from(me)
        .join(Deputy, (Deputy.deputy_id == me.id) & Deputy.holds_on(day))
        .join(absent, (absent.id == Deputy.owner_id) & absent.active)
        .join(home, home.id == absent.unit_id)
        .join(Holding, (Holding.owner_id == absent.id) & Holding.holds_on(day))
        .join(OrgUnit, OrgUnit.id == Holding.unit_id)
        .where(me.account_id == account, me.active)
    )
    return sa.union_all(mine, for_others)


def _held_columns() -> Sequence[Any]:
    """A holding with its unit's path, and its role's permissions as one text."""
    given = assoc_permissionview_role
    granted = (
        sa.select(sa.func.aggregate_strings(ViewMenu.name + ":" + Permission.name, ","))
        .join(PermissionView, PermissionView.view_menu_id == ViewMenu.id)
        .join(Permission, Permission.id == PermissionView.permission_id)
        .join(given, given.c.permission_view_id == PermissionView.id)
        .join(Role, Role.id == given.c.role_id)
        .where(Role.name == Holding.role)
        .correlate(Holding)
        .scalar_subquery()
    )
    return (
        Holding.role, Holding.post, Holding.scope, Holding.unit_id, Holding.unit_ids, OrgUnit.path,
        granted.label("granted"),
    )


def _barred_columns(person: Any, home: Any) -> Sequence[Any]:
    """The rows kept from a person by name, and those kept from a unit that he works or holds something in."""
    row = Barrier.register + ":" + sa.cast(Barrier.record_id, sa.String)
    gathered = sa.select(sa.func.aggregate_strings(row, ","))
    above = orm.aliased(OrgUnit)
    inside = sa.or_(home.path.like(above.path + "%"), OrgUnit.path.like(above.path + "%"))
    by_unit = gathered.join(above, above.id == Barrier.unit_id).where(inside)
    return (
        gathered.where(Barrier.employee_id == person.id).correlate(person).scalar_subquery().label("by_name"),
        by_unit.correlate(home, OrgUnit).scalar_subquery().label("by_unit"),
    )


def _stands_in(row: Any) -> bool:
    """Own holdings count whole; of another's only those that the deputy was given."""
    return row.for_id is None or not row.only or row.post in row.only or row.role in row.only


def _reach(row: Any) -> Reach:
    return Reach(row.scope, row.unit_id, row.path, tuple(row.unit_ids or ()), row.for_id)


@lru_cache(maxsize=1024)
def _grants(held: tuple[tuple[Reach, str], ...]) -> dict[tuple[str, str], frozenset[Reach]]:
    """Taken apart once for whoever holds the same: a role has hundreds of permissions."""
    pairs = ((pair.partition(":"), reach) for reach, granted in held for pair in granted.split(",") if pair)
    return access.collect((slug, word.removeprefix("can_"), reach) for (slug, _colon, word), reach in pairs)


def person_of(user_id: int) -> Employee | None:
    """The employee behind an account."""
    return session.scalar(sa.select(Employee).where(Employee.account_id == user_id))


# -- holders of posts --------------------------------------------------------------------------------------------------


def holders(post: str, within: str = "", day: dt.date | None = None) -> list[Employee]:
    """Everybody who holds a post inside a unit path on a day or stands in for a holder, by staff number."""
    found = {seat.employee_id for seat in holders_many([post], [within], day)}
    return list(session.scalars(sa.select(Employee).where(Employee.id.in_(found)).order_by(Employee.number)))


def holders_many(posts: Iterable[str], within: Iterable[str] = ("",), day: dt.date | None = None) -> list[Seat]:
    """Every seat of these posts inside any of the unit paths, holders before their deputies, in one statement."""
    paths = dict(zip(PATHS, within if len(within := list(within)) <= FEW else (), strict=False))
    asked = {"posts": list(posts), "day": day or clock.today(), **paths}
    rows = session.execute(_seats_query(len(paths)), asked)
    return [Seat(*row[:5]) for row in rows if not row.only or row.post in row.only or row.role in row.only]


@cache
def _seats_query(count: int) -> Any:
    """Built once for each number of paths; without one, it reads all holders of the posts."""
    day = sa.bindparam("day", type_=sa.Date)
    where = [Holding.post.in_(sa.bindparam("posts", expanding=True)), Holding.holds_on(day)]
    if count:
        where.append(sa.or_(*(OrgUnit.path.startswith(sa.bindparam(name)) for name in PATHS[:count])))
    holder, stand_in = orm.aliased(Employee), orm.aliased(Employee)
    place = (Holding.post, OrgUnit.path, OrgUnit.id)
    own = (
        sa.select(*place, holder.id.label("employee_id"), NOBODY.label("for_id"), WHOLE.label("only"), Holding.role)
        .select_from(Holding)
        .join(OrgUnit, OrgUnit.id == Holding.unit_id)
        .join(holder, (holder.id == Holding.owner_id) & holder.active)
        .where(*where)
    )
    deputed = (
        sa.select(*place, stand_in.id, holder.id, Deputy.only, Holding.role)
        .select_from(Holding)
        .join(OrgUnit, OrgUnit.id == Holding.unit_id)
        .join(holder, (holder.id == Holding.owner_id) & holder.active)
        .join(Deputy, (Deputy.owner_id == holder.id) & Deputy.holds_on(day))
        .join(stand_in, (stand_in.id == Deputy.deputy_id) & stand_in.active)
        .where(*where)
    )
    return sa.union_all(own, deputed)


@within_transaction(Holding, Employee, OrgUnit)
def unit_of_post(post: str, within: str = "") -> int | None:
    """The unit inside a path where a post is held: the highest of several; ``None`` when nobody holds it."""
    return session.scalar(_unit_query(), {"post": post, "day": clock.today(), "within": within})


@cache
def _unit_query() -> Any:
    """Built once: every step of a case asks it."""
    day = sa.bindparam("day", type_=sa.Date)
    return (
        sa.select(OrgUnit.id)
        .join(Holding, Holding.unit_id == OrgUnit.id)
        .join(Employee, (Employee.id == Holding.owner_id) & Employee.active)
        .where(
            Holding.post == sa.bindparam("post"), Holding.holds_on(day),
            OrgUnit.path.startswith(sa.bindparam("within")),
        )
        .order_by(sa.func.length(OrgUnit.path), OrgUnit.id)
        .limit(1)
    )


def is_held(post: str, unit_id: int) -> bool:
    """Whether anybody active holds a post in this very unit."""
    found = (
        sa.select(Holding.id)
        .join(Employee, (Employee.id == Holding.owner_id) & Employee.active)
        .where(Holding.post == post, Holding.unit_id == unit_id, Holding.holds_on(clock.today()))
    )
    return session.scalar(found.limit(1)) is not None


def units_above(unit_id: int, within: str = "") -> list[int]:
    """A unit and those above it, the nearest first, as far as they lie inside the path ``within``."""
    parts = path_of(unit_id).strip("/").split("/")
    paths = ["/" + "/".join(parts[:length]) + "/" for length in range(len(parts), 0, -1)]
    return [int(path.strip("/").rsplit("/", 1)[-1]) for path in paths if path.startswith(within)]


@within_transaction(OrgUnit)
def path_of(unit_id: int) -> str:
    """The path of a unit; raises ``Refusal`` for an unknown one."""
    path = session.scalar(sa.select(OrgUnit.path).where(OrgUnit.id == unit_id))
    if path is None:
        raise Refusal(Problem(_("There is no such unit."), "unit_id", "reference"))
    return str(path)


access.set_loader(load_access)
moves.set_unit_finder(unit_of_post, is_held)
