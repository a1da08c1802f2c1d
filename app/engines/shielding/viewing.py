"""Who may look at the rows of a watched register: by post, as the own person, or by a request that was granted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.sql import ColumnElement

from app.core import clock
from app.core.access import Access, Post
from app.core.db import session
from app.core.register import Register, registers
from app.engines.policy.versions import pack_for, version_ids

if TYPE_CHECKING:
    from app.packs.schema import Pack
    from app.packs.shields import Asking, Viewer, Viewing

READ, EXPORT = "read", "export"


def open_to(register: Register, action: str, person: Access) -> ColumnElement[bool]:
    """The rows of a watched register that a person may reach, by the version that each runs under."""
    ways = [*_by_post(register, person), *_by_request(register, action, person)]
    return sa.or_(*ways) if ways else sa.false()


def _packs(register: Register) -> Iterator[tuple[int, Pack, Viewing]]:
    for version_id in version_ids():
        pack = pack_for(version_id)
        for viewing in pack.viewing.values():
            if viewing.register_ == register.slug:
                yield version_id, pack, viewing


def _by_post(register: Register, person: Access) -> Iterator[ColumnElement[bool]]:
    for version_id, pack, viewing in _packs(register):
        for viewer in viewing.seen_by:
            if not viewer.granted and (posts := _held(pack, viewer, person)):
                yield sa.and_(*_conditions(register, version_id, viewer, person, posts))


def _by_request(register: Register, action: str, person: Access) -> Iterator[ColumnElement[bool]]:
    for version_id, pack, viewing in _packs(register):
        for viewer in viewing.seen_by:
            posts = _held(pack, viewer, person) if viewer.granted else []
            lets = action == READ or (action == EXPORT and viewing.requests and viewing.requests.export_field)
            if posts and viewing.requests and lets:
                granted = _in_force(viewing.requests, person, action).where(
                    _column(viewing.requests, "of") == register.model.__table__.c.id
                )
                yield sa.and_(
                    *_conditions(register, version_id, viewer, person, posts),
                    granted.correlate(register.model.__table__).exists(),
                )


def _held(pack: Pack, viewer: Viewer, person: Access) -> list[Post]:
    codes = {f"{pack.code}.{key}" for key in viewer.posts}
    return [post for post in person.posts if post.code in codes]


def _conditions(
    register: Register, version_id: int, viewer: Viewer, person: Access, posts: list[Post]
) -> Iterator[ColumnElement[bool]]:
    table, me = register.model.__table__.c, person.employee_id
    yield table.pack_version_id == version_id
    yield table.adopter_id.in_(sorted({int(part) for post in posts for part in post.unit_path.strip("/").split("/")}))
    if viewer.states:
        yield table.status.in_(viewer.states)
    if viewer.owner:
        yield table.owner_id == me
    if viewer.field:
        yield table[viewer.field] == me


def _column(asking: Asking, name: str) -> Any:
    return registers()[asking.register_].model.__table__.c[getattr(asking, f"{name}_field")]


def _in_force(asking: Asking, person: Access, action: str = READ) -> Any:
    """The requests of a person that let him look now."""
    table, now = registers()[asking.register_].model.__table__, clock.now()
    found = sa.select(table.c.id).where(
        table.c.status.in_(asking.states), _column(asking, "by") == person.employee_id,
        _column(asking, "from") <= now, _column(asking, "to") > now,
    )  # fmt: skip
    return found.where(_column(asking, "export").is_(True)) if action == EXPORT else found


def basis_of(register: Register, ids: Sequence[int], person: Access) -> dict[int, tuple[str, str]]:
    """For each row that a person sees: whether by the ``matrix`` of posts or by a ``request``, and its number."""
    table = register.model.__table__
    ways = [*_by_post(register, person)]
    known = set(session.scalars(sa.select(table.c.id).where(table.c.id.in_(ids), sa.or_(*ways)))) if ways else set()
    asked = dict(_numbers(register, set(ids) - known, person))
    return {key: ("matrix", "") if key in known else ("request", asked.get(key, "")) for key in ids}


def _numbers(register: Register, ids: set[int], person: Access) -> Iterator[tuple[int, str]]:
    for _version_id, _pack, viewing in _packs(register) if ids else ():
        if (asking := viewing.requests) is not None:
            of, number = _column(asking, "of"), _column(asking, "number")
            found = _in_force(asking, person).with_only_columns(of, number).where(of.in_(sorted(ids)))
            yield from (
                (key, text or "") for key, text in session.execute(found.order_by(sa.desc(_column(asking, "to"))))
            )
