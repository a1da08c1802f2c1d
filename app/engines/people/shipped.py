"""Roles as the program ships them: brought up to date at set-up without undoing what an administrator changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import (
    Permission,
    PermissionView,
    Role,
    ViewMenu,
    assoc_permissionview_role,
)
from flask_babel import gettext as _

from app.core import access, accounts
from app.core.db import session
from app.core.errors import Forbidden, NotFound, Problem, Refusal
from app.core.register import registers
from app.engines.people import catalogue
from app.engines.people.models import RoleDefault

Pair = tuple[str, str]
Grant = tuple[str, str, str]

_given = assoc_permissionview_role
_pairs = PermissionView.__table__
_defaults = RoleDefault.__table__


def sync_roles() -> dict[str, int]:
    """Add what the program newly offers, remove what no longer exists, keep what an administrator changed."""
    offered = {(slug, action) for slug in registers() for action in catalogue.offered(slug, registers())}
    there = _pair_ids()
    added = _offer(new := offered - set(there))
    _carry_over({slug for slug, action in new if action == "print"})
    removed = _withdraw([key for pair, key in there.items() if pair not in offered])
    _ids_of(Role, {*catalogue.roles(), catalogue.ADMIN, catalogue.PUBLIC})
    return {"added": added, "removed": removed, "changed": _ship()}


def _pair_ids() -> dict[Pair, int]:
    """Permission rows by (register, action)."""
    query = sa.select(ViewMenu.name, Permission.name, _pairs.c.id).select_from(_pairs)
    query = query.join(ViewMenu, ViewMenu.id == _pairs.c.view_menu_id)
    rows = session.execute(query.join(Permission, Permission.id == _pairs.c.permission_id))
    return {(view, permission.removeprefix("can_")): key for view, permission, key in rows}


def _offer(new: set[Pair]) -> int:
    if new:
        actions = _ids_of(Permission, {f"can_{action}" for _slug, action in new})
        views = _ids_of(ViewMenu, {slug for slug, _action in new})
        rows = [{"permission_id": actions[f"can_{a}"], "view_menu_id": views[s]} for s, a in sorted(new)]
        session.execute(sa.insert(_pairs), rows)
    return len(new)


def _carry_over(slugs: set[str]) -> None:
    """Whoever could read, and with it print, before printing was a right of its own keeps it, in own roles too."""
    if not slugs:
        return
    pairs = _pair_ids()
    readers = {pairs[slug, "read"]: pairs[slug, "print"] for slug in slugs if (slug, "read") in pairs}
    held = session.execute(sa.select(_given).where(_given.c.permission_view_id.in_(readers))).all()
    _grant((row.role_id, readers[row.permission_view_id]) for row in held)


def _withdraw(gone: list[int]) -> int:
    """Take permissions that no longer exist from every role, so that a returning name does not come back granted."""
    if gone:
        session.execute(sa.delete(_given).where(_given.c.permission_view_id.in_(gone)))
        session.execute(sa.delete(_pairs).where(_pairs.c.id.in_(gone)))
    return len(gone)


def _ids_of(model: Any, names: set[str]) -> dict[str, int]:
    """The ids of named rows; missing ones are made."""
    table = model.__table__
    known = _named(table, names)
    if missing := names - set(known):
        session.execute(sa.insert(table), [{"name": name} for name in sorted(missing)])
        return _named(table, names)
    return known


def _named(table: Any, names: Iterable[str]) -> dict[str, int]:
    return {row.name: row.id for row in session.execute(sa.select(table).where(table.c.name.in_(names)))}


def _ship() -> int:
    """Apply the difference between what was shipped last and what is shipped now, and nothing else."""
    now = {(role.slug, *pair) for role in catalogue.roles().values() for pair in role.permissions(registers())}
    last = defaults()
    if now == last:
        return 0
    roles, pairs = _named(Role.__table__, {role for role, _slug, _action in now | last}), _pair_ids()
    _grant((roles[role], pairs[slug, action]) for role, slug, action in _new(now, last))
    dropped = [grant for grant in last - now if grant[0] in roles and grant[1:] in pairs]
    _revoke((roles[role], pairs[slug, action]) for role, slug, action in dropped)
    session.execute(sa.delete(_defaults))
    session.execute(sa.insert(_defaults), [{"role": r, "register": s, "action": a} for r, s, a in sorted(now)])
    return len(now ^ last)


def _new(now: set[Grant], last: set[Grant]) -> Iterable[Grant]:
    """What is shipped anew; printing goes only to where an administrator has left the reading."""
    held = granted()
    for role, slug, action in now - last:
        known = (role, slug, "read")
        if action != "print" or known in held or known in now - last:
            yield role, slug, action


def _grant(rows: Iterable[tuple[int, int]]) -> None:
    held = {tuple(row) for row in session.execute(sa.select(_given.c.role_id, _given.c.permission_view_id))}
    if new := sorted(set(rows) - held):
        session.execute(sa.insert(_given), [{"role_id": role, "permission_view_id": pair} for role, pair in new])


def _revoke(rows: Iterable[tuple[int, int]]) -> None:
    this = (_given.c.role_id == sa.bindparam("of_role")) & (_given.c.permission_view_id == sa.bindparam("of_pair"))
    if old := [{"of_role": role, "of_pair": pair} for role, pair in rows]:
        session.connection().execute(sa.delete(_given).where(this), old)


# -- the editor's side -------------------------------------------------------------------------------------------------


def defaults(role: str = "") -> set[Grant]:
    """What was shipped last, of one role or of all."""
    query = sa.select(_defaults.c.role, _defaults.c.register, _defaults.c.action)
    rows = session.execute(query.where(_defaults.c.role == role) if role else query)
    return {(r, s, a) for r, s, a in rows}


def granted(role: str = "") -> set[Grant]:
    """What one role, or every role, holds now."""
    query = sa.select(Role.name, ViewMenu.name, Permission.name).select_from(_given)
    query = query.join(Role, Role.id == _given.c.role_id).join(_pairs, _pairs.c.id == _given.c.permission_view_id)
    query = query.join(ViewMenu, ViewMenu.id == _pairs.c.view_menu_id)
    query = query.join(Permission, Permission.id == _pairs.c.permission_id)
    rows = session.execute(query.where(Role.name == role) if role else query)
    return {(name, slug, permission.removeprefix("can_")) for name, slug, permission in rows}


def pairs_of(role: str) -> set[Pair]:
    """What a role may do now."""
    return {(slug, action) for _role, slug, action in granted(role)}


def default_pairs(role: str) -> set[Pair]:
    """What a role was shipped with; a copy is measured by the role it was copied from."""
    return {(slug, action) for _role, slug, action in defaults(catalogue.base_of(role))}


def check_granted(role: str, wanted: set[Pair]) -> dict[Pair, int]:
    """The permissions by id, after the person, the role and the pairs were found right.

    Raises ``Refusal`` for a pair that no register offers, ``Forbidden`` for anybody but an administrator.
    """
    if not access.current().everything:
        raise Forbidden(_("Only an administrator changes what a role may do."))
    if role not in catalogue.all_roles():
        raise NotFound()
    pairs = _pair_ids()
    if unknown := wanted - set(pairs):
        raise Refusal(Problem(_("No register offers “%(pair)s”.", pair=" ".join(min(unknown))), "granted", "choice"))
    return pairs


def set_granted(role: str, wanted: set[Pair]) -> tuple[int, int]:
    """Give a role exactly these pairs; how many were added and removed. Raises as ``check_granted`` does."""
    pairs = check_granted(role, wanted)
    role_id = session.scalar(sa.select(Role.id).where(Role.name == role).with_for_update())
    now = pairs_of(role)
    _grant((role_id, pairs[pair]) for pair in wanted - now)
    _revoke((role_id, pairs[pair]) for pair in now - wanted)
    if changes := [f"+{'.'.join(p)}" for p in wanted - now] + [f"-{'.'.join(p)}" for p in now - wanted]:
        accounts.note("role_changed", name=f"{role} {' '.join(sorted(changes))}"[:128])
    return len(wanted - now), len(now - wanted)
