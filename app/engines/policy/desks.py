"""The posts of a policy at work: without whom a case cannot begin, and without whom what follows it stands still."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import sqlalchemy as sa

from app.core import clock
from app.core.db import session
from app.core.register import registers
from app.engines.policy.models import APPROVED, PackVersion
from app.engines.policy.versions import pack_for
from app.packs.schema import Pack


class Desk(NamedTuple):
    """A post as its policy describes it; ``first`` posts act in cases that begin by themselves, the others later."""

    code: str
    label: str
    role: str
    duties: str
    clause: str
    acts: bool
    first: bool


def packs_in_force() -> list[Pack]:
    """Every policy in force today, by code."""
    running = (PackVersion.status == APPROVED) & (PackVersion.effective_from <= clock.today())
    newest = sa.select(sa.func.max(PackVersion.id)).where(running).group_by(PackVersion.code)
    return sorted((pack_for(key) for key in session.scalars(newest)), key=lambda pack: pack.code)


def desks(pack: Pack) -> list[Desk]:
    """The posts of a policy in its own order."""
    first = set(_acting(pack, beginnings(pack)))
    acting = first | set(_acting(pack, pack.cases))
    return [
        Desk(f"{pack.code}.{key}", str(post.label), post.role, str(post.duties), post.clause, key in acting,
             key in first)
        for key, post in pack.posts.items()
    ]  # fmt: skip


def beginnings(pack: Pack) -> set[str]:
    """The registers whose cases are opened out of nothing: none of their needed fields leads to another case."""
    found = set()
    for slug in pack.cases:
        needed = [spec.target for spec in registers()[slug].writable.values() if spec.required and spec.target]
        if not pack.cases[slug].follows and not any(target in pack.cases for target in needed):
            found.add(slug)
    return found


def _acting(pack: Pack, slugs: Iterable[str]) -> Iterator[str]:
    """The posts that open, move, hold or decide cases of these registers."""
    wanted = set(slugs)
    for slug in wanted:
        case = pack.cases[slug]
        yield from case.may_open
        yield from (post for move in case.moves.values() for post in move.posts)
        yield from (state.holder.post for state in case.states.values() if state.holder)
    for rule in pack.authority.values():
        yield from (band.post for band in rule.bands if rule.register_ in wanted)
    for route in pack.approvals.values():
        yield from (post for stop in route.stations for post in stop.posts if route.register_ in wanted)
