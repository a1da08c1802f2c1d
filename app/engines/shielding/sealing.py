"""To whom the rows of a sealed register are open: those whom the policy of their case names, and nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.sql import ColumnElement

from app.core import access, moves
from app.core.access import Access, Post
from app.core.register import Register, registers
from app.core.scope import Participation
from app.engines.policy.versions import pack_for, version_ids
from app.engines.shielding import viewing

if TYPE_CHECKING:
    from app.packs.schema import Pack
    from app.packs.shields import Shield, Viewer


def unseal(register: Register, action: str, person: Access) -> ColumnElement[bool]:
    """The rows of a sealed or watched register that a person may reach."""
    if register.watched:
        return viewing.open_to(register, action, person)
    column, main = access.parent_of(register)
    cases = main.model.__table__
    ways = [way for version_id in version_ids() for way in _of_version(register, main, version_id, person)]
    if not ways:
        return sa.false()
    return sa.exists().where(cases.c.id == column, sa.or_(*ways)).correlate(register.model.__table__)


def _of_version(register: Register, main: Register, version_id: int, person: Access) -> Iterator[ColumnElement[bool]]:
    pack = pack_for(version_id)
    for shield in pack.shields.values():
        if shield.identity != register.slug or shield.register_ != main.slug:
            continue
        for viewer in shield.seen_by:
            posts = [post for post in person.posts if post.code in {f"{pack.code}.{key}" for key in viewer.posts}]
            if posts:
                version = main.model.__table__.c.pack_version_id == version_id
                yield sa.and_(version, *_conditions(register, pack, shield, viewer, person, posts))


def _conditions(
    register: Register, pack: Pack, shield: Shield, viewer: Viewer, person: Access, posts: list[Post]
) -> Iterator[ColumnElement[bool]]:
    """What a row, and its case, must be for a viewer; the post is held inside the unit that works by the policy."""
    main = registers()[shield.register_]
    cases, me = main.model.__table__, person.employee_id
    yield cases.c.adopter_id.in_(sorted({int(part) for post in posts for part in post.unit_path.strip("/").split("/")}))
    if viewer.states:
        yield cases.c.status.in_(viewer.states)
    if viewer.owner:
        yield cases.c.owner_id == me
    if viewer.field:
        yield _named(main, pack, viewer.field) == me
    if viewer.granted:
        here = (Participation.register == register.slug) & (Participation.employee_id == me)
        rows = register.model.__table__
        yield sa.exists().where(here, Participation.record_id == rows.c.id).correlate(rows)


def may_see(register: Register, case: Any, person: Access) -> bool:
    """Whether the policy opens the identity behind a case to a person, so that he may also write it down."""
    if person.everything and person.user_id is None:
        return True
    pack = pack_for(case.pack_version_id)
    read = moves.whole_of(case).get
    return any(
        _suits(viewer, pack, case, person, read)
        for shield in pack.shields.values() if shield.identity == register.slug for viewer in shield.seen_by
    )  # fmt: skip


def _suits(viewer: Viewer, pack: Pack, case: Any, person: Access, read: Any) -> bool:
    codes = {f"{pack.code}.{key}" for key in viewer.posts}
    held = any(post.code in codes and f"/{case.adopter_id}/" in post.unit_path for post in person.posts)
    mine = not viewer.owner or case.owner_id == person.employee_id
    named = not viewer.field or read(viewer.field) == person.employee_id
    return held and mine and named and not viewer.granted and (not viewer.states or case.status in viewer.states)


def _named(main: Register, pack: Pack, field: str) -> Any:
    """The column of a field of a case, in its own table or in that of its detail."""
    if field in main.fields:
        return main.model.__table__.c[field]
    detail = registers()[pack.cases[main.slug].detail or ""].model.__table__
    return sa.select(detail.c[field]).where(detail.c.id == main.model.__table__.c.id).scalar_subquery()


access.set_unsealer(unseal)
