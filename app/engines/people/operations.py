"""Who may do what and where: access of an account, holders of posts, giving and ending holdings, shipped roles."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

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

from app.core import access, clock, moves
from app.core.access import Access, Post, Reach
from app.core.db import session
from app.core.errors import Problem, Refusal
from app.core.register import registers
from app.engines.people import catalogue
from app.engines.people.models import Deputy, Employee, Holding, OrgUnit, RoleDefault

Pair = tuple[str, str]


# -- access of an account --------------------------------------------------------------------------------------------


def load_access(user_id: int) -> Access:
    """Everything a request needs to know of an account, in one statement; deputies included."""
    rows = session.execute(_access_query(user_id, clock.today())).all()
    if not rows:
        return Access(user_id=user_id)
    employee_id, everything = rows[0].employee_id, bool(rows[0].everything)
    held = [row for row in rows if row.holding_id is not None and _stands_in(row)]
    grants = access.collect(
        (row.register, row.action.removeprefix("can_"), _reach(row)) for row in held if row.register is not None
    )
    posts = {
        Post(row.post, row.unit_id, row.path, row.owner_id if row.owner_id != employee_id else None)
        for row in held if row.post
    }
    return Access(user_id, employee_id, everything, grants, tuple(sorted(posts, key=lambda post: (post.code, post.unit_id))))


def _access_query(user_id: int, day: dt.date) -> Any:
    administers = sa.exists().where(
        assoc_user_role.c.user_id == User.id, assoc_user_role.c.role_id == Role.id, Role.name == catalogue.ADMIN
    ).correlate(User)
    deputed = sa.and_(Deputy.deputy_id == Employee.id, Deputy.holds_on(day))
    held = sa.and_(
        sa.or_(Holding.owner_id == Employee.id, Holding.owner_id == Deputy.owner_id), Holding.holds_on(day)
    )
    given = assoc_permissionview_role
    return (
        sa.select(
            Employee.id.label("employee_id"), administers.label("everything"), Holding.id.label("holding_id"),
            Holding.owner_id, Holding.role, Holding.post, Holding.scope, Holding.unit_id, Holding.unit_ids,
            OrgUnit.path, Deputy.only, Permission.name.label("action"), ViewMenu.name.label("register"),
        )
        .select_from(User)
        .outerjoin(Employee, sa.and_(Employee.account_id == User.id, Employee.active))
        .outerjoin(Deputy, deputed)
        .outerjoin(Holding, held)
        .outerjoin(OrgUnit, OrgUnit.id == Holding.unit_id)
        .outerjoin(Role, Role.name == Holding.role)
        .outerjoin(given, given.c.role_id == Role.id)
        .outerjoin(PermissionView, PermissionView.id == given.c.permission_view_id)
        .outerjoin(Permission, Permission.id == PermissionView.permission_id)
        .outerjoin(ViewMenu, ViewMenu.id == PermissionView.view_menu_id)
        .where(User.id == user_id)
    )


def _stands_in(row: Any) -> bool:
    """Own holdings count whole; of another's only those that the deputy was given."""
    return row.owner_id == row.employee_id or row.only is None or row.post in row.only or row.role in row.only


def _reach(row: Any) -> Reach:
    owner = row.owner_id if row.scope == access.OWN and row.owner_id != row.employee_id else None
    return Reach(row.scope, row.unit_id, row.path, tuple(row.unit_ids or ()), owner)


def person_of(user_id: int) -> Employee | None:
    """The employee behind an account."""
    return session.scalar(sa.select(Employee).where(Employee.account_id == user_id))


# -- holders of posts ------------------------------------------------------------------------------------------------


def holders(post: str, within: str = "", day: dt.date | None = None) -> list[Employee]:
    """Everybody who holds a post inside a unit path on a day, by staff number."""
    return list(session.scalars(_held(sa.select(Employee), [post], within, day).distinct().order_by(Employee.number)))


def holders_many(posts: Iterable[str], day: dt.date | None = None) -> list[tuple[str, str, int, int]]:
    """(post, unit path, unit id, employee id) of every holder of these posts, in one statement."""
    columns = sa.select(Holding.post, OrgUnit.path, OrgUnit.id, Employee.id)
    return [tuple(row) for row in session.execute(_held(columns, list(posts), "", day).order_by(Employee.number))]


def _held(query: Any, posts: list[str], within: str, day: dt.date | None) -> Any:
    return (
        query.select_from(Holding)
        .join(Employee, Employee.id == Holding.owner_id)
        .join(OrgUnit, OrgUnit.id == Holding.unit_id)
        .where(
            Holding.post.in_(posts), Holding.holds_on(day or clock.today()), Employee.active,
            OrgUnit.path.startswith(within, autoescape=True),
        )
    )


def unit_of_post(post: str, within: str = "") -> int | None:
    """The unit inside a path where a post is held: the highest of several; ``None`` when nobody holds it."""
    found = _held(sa.select(OrgUnit.id, OrgUnit.path), [post], within, None).order_by(sa.func.length(OrgUnit.path), OrgUnit.id)
    row = session.execute(found.limit(1)).first()
    return int(row[0]) if row else None


def path_of(unit_id: int) -> str:
    """The path of a unit; raises ``Refusal`` for an unknown one."""
    path = session.scalar(sa.select(OrgUnit.path).where(OrgUnit.id == unit_id))
    if path is None:
        raise Refusal(Problem(_("There is no such unit."), "unit_id", "reference"))
    return str(path)


# -- giving and ending -----------------------------------------------------------------------------------------------


def give(
    person: Employee, role: str, unit: OrgUnit, *, post: str | None = None, scope: str | None = None,
    unit_ids: Iterable[int] = (), valid_from: dt.date | None = None, valid_to: dt.date | None = None,
) -> Holding:
    """Let a person hold a role (and post) in a unit from a day on.

    Raises ``Refusal`` for unknown words, a period that ends before it begins, or duties that are kept apart.
    """
    Refusal.when(_unfit(person, role, unit, post, valid_from, valid_to))
    known = catalogue.roles().get(role)
    made = Holding(
        owner_id=person.id, role=role, unit_id=unit.id, post=post, unit_ids=list(unit_ids) or None,
        scope=scope or (known.default_scope if known else access.ALL),
        valid_from=valid_from or clock.today(), valid_to=valid_to,
    )
    session.add(made)
    session.flush()
    return made


def _unfit(
    person: Employee, role: str, unit: OrgUnit, post: str | None, first: dt.date | None, last: dt.date | None
) -> Iterable[Problem]:
    if role not in catalogue.role_labels():
        yield Problem(_("There is no role “%(name)s”.", name=role), "role", "choice")
    if post and catalogue.role_of_post().get(post) != role:
        yield Problem(_("The post “%(post)s” belongs to another role.", post=post), "post", "choice")
    if first and last and last < first:
        yield Problem(_("The last day lies before the first."), "valid_to", "period")
    yield from _kept_apart(person, role)


def _kept_apart(person: Employee, role: str) -> Iterable[Problem]:
    day = clock.today()
    still = sa.func.coalesce(Holding.valid_to, day) >= day
    others = set(session.scalars(sa.select(Holding.role).where(Holding.owner_id == person.id, still)))
    for duty in catalogue.duties():
        pair = set(duty.roles)
        if duty.scope == "person" and duty.enforced and role in pair and others & (pair - {role}):
            text = _("These duties are kept apart: %(why)s.", why=_said(duty.why))
            yield Problem(text, "role", "separation_of_duties", duty.clause)


def _said(text: catalogue.Text) -> str:
    from app.core.lifecycle import Words

    return str(Words(text.zh, text.en))


def end(holding: Holding, last: dt.date | None = None) -> None:
    """Let a holding end with a day (yesterday when none is given)."""
    last = last or clock.today() - dt.timedelta(days=1)
    if last < holding.valid_from:
        session.delete(holding)
    else:
        holding.valid_to = last
    session.flush()


def appoint_deputy(
    person: Employee, stand_in: Employee, first: dt.date, last: dt.date, reason: str, only: Iterable[str] = ()
) -> Deputy:
    """Let somebody stand in for a person for a time, in all or in the named posts and roles."""
    if person.id == stand_in.id:
        raise Refusal(Problem(_("Nobody is his own deputy."), "deputy_id", "other"))
    if last < first:
        raise Refusal(Problem(_("The last day lies before the first."), "valid_to", "period"))
    made = Deputy(
        owner_id=person.id, unit_id=person.unit_id, deputy_id=stand_in.id, only=list(only) or None,
        valid_from=first, valid_to=last, reason=reason,
    )
    session.add(made)
    session.flush()
    return made


# -- shipped roles ---------------------------------------------------------------------------------------------------


def sync_roles() -> dict[str, int]:
    """Add what the program newly offers, remove what no longer exists, keep what an administrator changed."""
    offered = {(slug, action) for slug in registers() for action in catalogue.offered(slug, registers())}
    added, removed = _sync_pairs(offered)
    _sync_role_rows()
    changed = _sync_grants()
    session.flush()
    return {"added": added, "removed": removed, "changed": changed}


def _sync_pairs(offered: set[Pair]) -> tuple[int, int]:
    there = {
        (view, action.removeprefix("can_")): key
        for key, view, action in session.execute(
            sa.select(PermissionView.id, ViewMenu.name, Permission.name).join(PermissionView.view_menu).join(
                PermissionView.permission
            )
        )
    }
    gone = [key for pair, key in there.items() if pair not in offered]
    if gone:
        given = assoc_permissionview_role
        session.execute(sa.delete(given).where(given.c.permission_view_id.in_(gone)))
        session.execute(sa.delete(PermissionView.__table__).where(PermissionView.__table__.c.id.in_(gone)))
    new = offered - set(there)
    if new:
        actions = _named(Permission, {f"can_{action}" for _slug, action in new})
        views = _named(ViewMenu, {slug for slug, _action in new})
        rows = [{"permission_id": actions[f"can_{a}"], "view_menu_id": views[s]} for s, a in sorted(new)]
        session.execute(sa.insert(PermissionView.__table__), rows)
    return len(new), len(gone)


def _named(model: Any, names: set[str]) -> dict[str, int]:
    """The ids of named rows; missing ones are made."""
    table = model.__table__
    known = set(session.scalars(sa.select(table.c.name).where(table.c.name.in_(names))))
    if missing := names - known:
        session.execute(sa.insert(table), [{"name": name} for name in sorted(missing)])
    rows = session.execute(sa.select(table.c.name, table.c.id).where(table.c.name.in_(names)))
    return {name: key for name, key in rows}


def _sync_role_rows() -> None:
    _named(Role, {*catalogue.roles(), catalogue.ADMIN, catalogue.PUBLIC})


def _sync_grants() -> int:
    """Apply only the difference between what was shipped last and what is shipped now."""
    now = {(role.slug, *pair) for role in catalogue.roles().values() for pair in role.permissions(registers())}
    defaults = RoleDefault.__table__
    last = {tuple(row) for row in session.execute(sa.select(defaults.c.role, defaults.c.register, defaults.c.action))}
    if now == last:
        return 0
    ids = _grant_ids()
    given = assoc_permissionview_role
    fresh = [ids(entry) for entry in sorted(now - last) if ids(entry)]
    held = {tuple(row) for row in session.execute(sa.select(given.c.role_id, given.c.permission_view_id))}
    if rows := [pair for pair in fresh if pair not in held]:
        session.execute(sa.insert(given), [{"role_id": r, "permission_view_id": p} for r, p in rows])
    for entry in sorted(last - now):
        if pair := ids(entry):
            session.execute(sa.delete(given).where(given.c.role_id == pair[0], given.c.permission_view_id == pair[1]))
    session.execute(sa.delete(defaults))
    session.execute(sa.insert(defaults), [{"role": r, "register": s, "action": a} for r, s, a in sorted(now)])
    return len(now ^ last)


def _grant_ids() -> Any:
    roles: Mapping[str, int] = {n: k for n, k in session.execute(sa.select(Role.name, Role.id))}
    pairs = {
        (view, action): key
        for key, view, action in session.execute(
            sa.select(PermissionView.id, ViewMenu.name, Permission.name).join(PermissionView.view_menu).join(
                PermissionView.permission
            )
        )
    }

    def look(entry: tuple[str, str, str]) -> tuple[int, int] | None:
        role, slug, action = entry
        pair = pairs.get((slug, f"can_{action}"))
        return (roles[role], pair) if role in roles and pair else None

    return look


access.set_loader(load_access)
moves.set_unit_finder(unit_of_post)
