"""Roles that administrators make: copies of shipped ones, edited on, and deleted while nobody has held them."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask import g, has_request_context
from flask_appbuilder.security.sqla.models import Role as FabRole
from flask_appbuilder.security.sqla.models import assoc_permissionview_role
from flask_babel import gettext as _
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core import access, accounts, actor, clock
from app.core.db import Model, session
from app.core.errors import Conflict, Forbidden, Problem, Refusal
from app.core.types import Key, UtcDateTime
from app.engines.people import catalogue, roster, shipped
from app.engines.people.catalogue import Role, Text
from app.engines.people.models import Employee, Holding, OrgUnit

START = "own_"
LONGEST = 40


class OwnRole(Model):
    """A role made by an administrator; what it may do stands beside the shipped roles' permissions."""

    __tablename__ = "own_role"

    slug: Mapped[str] = mapped_column(String(64), primary_key=True)
    zh: Mapped[str] = mapped_column(String(LONGEST), unique=True)
    en: Mapped[str] = mapped_column(String(LONGEST), unique=True)
    based_on: Mapped[str] = mapped_column(String(64))
    default_scope: Mapped[str] = mapped_column(Key(20))
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"), default=actor.user_id)


def own() -> Mapping[str, Role]:
    """The roles that administrators made, asked for once in a request."""
    if has_request_context() and "own_roles" in g:
        kept: Mapping[str, Role] = g.own_roles
        return kept
    rows = session.execute(sa.select(OwnRole.__table__).order_by(OwnRole.zh)).all()
    found = {row.slug: _role(row) for row in rows}
    if has_request_context():
        g.own_roles = found
    return found


def _role(row: sa.Row[tuple[object, ...]]) -> Role:
    base = catalogue.roles().get(row.based_on)
    duties = base.duties if base else Text(zh=row.zh, en=row.en)
    return Role(
        slug=row.slug, zh=row.zh, en=row.en, level=base.level if base else "staff", duties=duties,
        default_scope=row.default_scope, based_on=row.based_on,
    )  # fmt: skip


def copy(zh: str, en: str, of: str, scope: str) -> str:
    """A new role that may do what another may now; its key.

    Raises ``Forbidden`` for anybody but an administrator and ``Refusal`` for what does not fit.
    """
    _only_administrators()
    zh, en = zh.strip(), en.strip()
    Refusal.when(_unfit(zh, en, of, scope))
    slug, base = f"{START}{secrets.token_hex(4)}", catalogue.base_of(of)
    session.add(OwnRole(slug=slug, zh=zh, en=en, based_on=base, default_scope=scope))
    session.add(FabRole(name=slug))
    session.flush()
    _forget()
    shipped.set_granted(slug, shipped.pairs_of(of))
    accounts.note("role_made", name=f"{slug} {zh} ← {of}"[:128])
    return slug


def _unfit(zh: str, en: str, of: str, scope: str) -> Iterator[Problem]:
    if of not in catalogue.all_roles():
        yield Problem(_("There is no role “%(name)s”.", name=of[:64]), "of", "choice")
    taken = {str(text).lower() for words in catalogue.role_labels().values() for text in (words.zh, words.en)}
    for field, text in (("zh", zh), ("en", en)):
        if not text or len(text) > LONGEST:
            yield Problem(_("A role has a name of 1 to %(most)s characters.", most=LONGEST), field, "required")
        elif text.lower() in taken:
            yield Problem(_("There is a role “%(name)s” already.", name=text), field, "unique")
    if scope not in (access.OWN, access.UNIT, access.BELOW, access.ALL):
        yield Problem(_("Please choose how far the role reaches."), "scope", "choice")


def delete(slug: str) -> None:
    """Remove a role that nobody holds or has held; the record of who held what stays whole."""
    _only_administrators()
    if slug not in own():
        raise Refusal(_("Only roles that were made here are deleted; shipped ones can be emptied."))
    if session.scalar(sa.select(Holding.id).where(Holding.role == slug).limit(1)) is not None:
        raise Conflict(_("The role is or was held: it stays, so that the record of who held what stays whole."))
    name = own()[slug].zh
    key = session.scalar(sa.select(FabRole.id).where(FabRole.name == slug))
    given = assoc_permissionview_role
    session.execute(sa.delete(given).where(given.c.role_id == key))
    session.execute(sa.delete(FabRole.__table__).where(FabRole.__table__.c.id == key))
    session.execute(sa.delete(OwnRole.__table__).where(OwnRole.__table__.c.slug == slug))
    _forget()
    accounts.note("role_deleted", name=f"{slug} {name}"[:128])


def _only_administrators() -> None:
    if not access.current().everything:
        raise Forbidden(_("Only an administrator changes what a role may do."))


def _forget() -> None:
    if has_request_context():
        g.pop("own_roles", None)


@dataclass(frozen=True)
class Holder:
    """Somebody who holds a role today, with the unit he works for."""

    person: Employee
    unit: str
    holding: Holding


def holders(slug: str, most: int) -> tuple[Sequence[Holder], int]:
    """Who holds a role today, as far as the reader reaches, and how many those are."""
    held = (Holding.role == slug) & Holding.holds_on(clock.today()) & roster.in_reach("read")
    query = (
        sa.select(Employee, OrgUnit.name, Holding).join(Holding, Holding.owner_id == Employee.id)
        .join(OrgUnit, OrgUnit.id == Employee.unit_id).where(held)
    )  # fmt: skip
    rows = session.execute(query.order_by(Employee.number, Holding.id).limit(most)).all()
    counted = sa.select(sa.func.count()).select_from(Holding).join(Employee, Employee.id == Holding.owner_id)
    return [Holder(*row) for row in rows], int(session.scalar(counted.where(held)) or 0)


catalogue.set_own(own)
