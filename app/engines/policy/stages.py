"""Where cases stand as a whole: in hand, closed, or mine; for lists, counts and the workbench."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.sql import ColumnElement

from app.core import access
from app.core.lifecycle import Lifecycle, State
from app.core.narrowing import narrowing
from app.core.reach import aside
from app.core.register import Register
from app.core.wording import listed
from app.engines.policy.versions import bare_lifecycle, known_versions, pack_for, version_ids
from app.packs.schema import Pack

OPEN, MINE, CLOSED = "open", "mine", "closed"
WORDS = {OPEN: _l("In hand"), MINE: _l("Mine, in hand"), CLOSED: _l("Closed")}
Picked = Callable[[State], bool]
Known = tuple[tuple[int, str], ...]


def has_stages(register: Register) -> bool:
    """Whether the rows of a register move through states."""
    return register.from_pack or register.lifecycle is not None


def _is_open(state: State) -> bool:
    return not state.final


def _is_final(state: State) -> bool:
    return state.final


def _waits_at_desk(state: State) -> bool:
    return not state.final and not (state.holder and state.holder.owner)


def in_hand(register: Register) -> ColumnElement[bool]:
    """Rows whose state is not final under the version they run under."""
    return _standing(register, _is_open)


def closed(register: Register) -> ColumnElement[bool]:
    """Rows that have come to their end."""
    return _standing(register, _is_final)


def mine(register: Register) -> ColumnElement[bool]:
    """Open rows that the person is in charge of, or that wait at a post he holds or stands in for."""
    person = access.current()
    return _mine(register.model, person.employee_id, person.posts, _known(register))


@lru_cache(maxsize=2048)
def _mine(model: Any, employee_id: int | None, posts: tuple[access.Post, ...], known: Known) -> ColumnElement[bool]:
    table = model.__table__
    found: list[ColumnElement[bool]] = []
    if "owner_id" in table.c and employee_id is not None:
        found.append(sa.and_(table.c.owner_id == employee_id, aside(_standing_under(model, _is_open, known))))
    if "holder_post" in table.c and posts:
        pairs = [(table.c.holder_post == p.code) & (table.c.holder_unit_id == p.unit_id) for p in posts]
        found.append(sa.and_(sa.or_(*pairs), aside(_standing_under(model, _waits_at_desk, known))))
    return sa.or_(sa.false(), *found)


def _known(register: Register) -> Known:
    return known_versions() if register.from_pack else ()


def _standing(register: Register, picked: Picked) -> ColumnElement[bool]:
    return _standing_under(register.model, picked, _known(register))


@lru_cache(maxsize=512)
def _standing_under(model: Any, picked: Picked, known: Known) -> ColumnElement[bool]:
    """Rows whose state is one of those picked; versions that agree are asked for together."""
    register, table = model.register, model.__table__
    if not register.from_pack:
        assert register.lifecycle is not None
        return table.c.status.in_(_keys(register.lifecycle, picked))
    always, sometimes = _groups(lifecycles(register.slug), picked)
    found = (table.c.status.in_(keys) & table.c.pack_version_id.in_(ids) for ids, keys in sometimes.items())
    return sa.or_(table.c.status.in_(always), *found)


def _groups(lives: Mapping[int, Lifecycle], picked: Picked) -> tuple[list[str], dict[tuple[int, ...], list[str]]]:
    """States that are picked in every version that knows them, and the others by the versions in which they are.

    Each state stands once, so that its rows are passed once.
    """
    known: dict[str, dict[int, bool]] = defaultdict(dict)
    for version_id, life in lives.items():
        for key, state in life.states.items():
            known[key][version_id] = picked(state)
    sometimes: dict[tuple[int, ...], list[str]] = defaultdict(list)
    for key in sorted(key for key, told in known.items() if any(told.values()) and not all(told.values())):
        sometimes[tuple(version for version, yes in known[key].items() if yes)].append(key)
    return sorted(key for key, told in known.items() if all(told.values())), sometimes


def _keys(life: Lifecycle, picked: Picked) -> list[str]:
    return sorted(key for key, state in life.states.items() if picked(state))


def lifecycles(slug: str) -> Mapping[int, Lifecycle]:
    """The lifecycle of a register under every version of every pack that governs it; one statement per request."""
    return _lifecycles(slug, known_versions())


@lru_cache(maxsize=512)
def _lifecycles(slug: str, known: Known) -> Mapping[int, Lifecycle]:
    versions = [version_id for version_id, _sha in known if slug in pack_for(version_id).cases]
    return {version_id: bare_lifecycle(version_id, slug) for version_id in versions}


def clauses_of(read: Callable[[Pack], Iterable[str]]) -> Iterator[tuple[str, str]]:
    """The (policy, clause) pairs that ``read`` finds in the packs, each once."""
    packs = [pack_for(version_id) for version_id in version_ids()]
    yield from dict.fromkeys((pack.code, clause) for pack in packs for clause in read(pack) if clause)


def openers(slug: str) -> list[str]:
    """The codes of the posts that may open a case of a register, by the policies of the person's own posts if any."""
    packs = [pack_for(version_id) for version_id in lifecycles(slug)]
    mine = {post.code.partition(".")[0] for post in access.current().posts}
    packs = [pack for pack in packs if pack.code in mine] or packs
    return list(dict.fromkeys(f"{pack.code}.{post}" for pack in packs for post in pack.cases[slug].may_open))


def may_open(register: Register) -> bool:
    """Whether a post that the person holds, or his right to everything, lets him open a case."""
    person = access.current()
    return person.everything or not register.from_pack or person.holds(openers(register.slug)) is not None


def _words(value: str) -> str:
    if value not in WORDS:
        raise ValueError(_("“%(value)s” is not one of: %(known)s.", value=value[:40], known=listed(WORDS)))
    return str(WORDS[value])


@narrowing("stage", label=_l("Stage"), applies=has_stages, words=_words)
def _by_stage(register: Register, value: str) -> ColumnElement[bool]:
    conditions: dict[str, Any] = {OPEN: in_hand, MINE: mine, CLOSED: closed}
    found: ColumnElement[bool] = conditions[value](register)
    return found
