"""Where lifecycles come from: the pack version a case runs under, or the register's own table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.core import clock
from app.core.db import session
from app.core.errors import Refusal
from app.core.lifecycle import Lifecycle
from app.core.register import Record, Register, register_of, registers
from app.core.whole import Whole


@dataclass(frozen=True)
class Begin:
    """Under what a new case starts: policy, pack version, adopting unit and first state."""

    policy: str
    pack_version_id: int
    adopter_id: int
    start: str


_lifecycle: Callable[[Any], Lifecycle] | None = None
_worded: Callable[[int, str], Lifecycle] | None = None
_begin: Callable[..., Begin] | None = None
_where: Callable[[str, Sequence[int]], list[int]] | None = None
_unit_of_post: Callable[[str, str], int | None] | None = None
_is_held: Callable[[str, int], bool] | None = None


def set_source(
    lifecycle: Callable[[Any], Lifecycle], worded: Callable[[int, str], Lifecycle], begin: Callable[..., Begin],
    where: Callable[[str, Sequence[int]], list[int]],
) -> None:
    """Tell core where lifecycles come from, of a record and of a version; ``begin`` starts a case, ``where`` it can."""
    global _lifecycle, _worded, _begin, _where
    _lifecycle, _worded, _begin, _where = lifecycle, worded, begin, where


def set_unit_finder(find: Callable[[str, str], int | None], is_held: Callable[[str, int], bool]) -> None:
    """Tell core who knows in which unit (inside a path) a post is held, and whether anybody holds it in one."""
    global _unit_of_post, _is_held
    _unit_of_post, _is_held = find, is_held


def unit_of_post(code: str, within: str) -> int | None:
    """The unit inside a path where a post is held."""
    return _unit_of_post(code, within) if _unit_of_post else None


def is_held(code: str, unit_id: int) -> bool:
    """Whether anybody holds a post in this very unit."""
    return _is_held is None or _is_held(code, unit_id)


def lifecycle_of(record: Record) -> Lifecycle | None:
    """The machine a row runs under: its pack version's, or the register's own."""
    register = register_of(record)
    if register.from_pack:
        return _lifecycle(record) if _lifecycle else None
    return register.lifecycle


def lifecycle_by(version_id: int, slug: str) -> Lifecycle | None:
    """The machine of a pack version for the words of its states; it is bound to no adopting unit."""
    return _worded(version_id, slug) if _worded else None


def begin(register: Register, unit_id: int, policy: str | None = None) -> Begin:
    """The start of a case of ``register`` in a unit; refuses when no adopted policy governs it."""
    if _begin is None:
        raise Refusal(_("No policy engine is at work."))
    return _begin(register.slug, unit_id, clock.now(), policy)


def where_begins(register: Register, units: Sequence[int]) -> list[int]:
    """Those of some units in which a case of ``register`` may begin."""
    return _where(register.slug, units) if _where else []


def whole_of(record: Record) -> Whole:
    """The row with the detail register that its policy adds."""
    return whole_under(record, lifecycle_of(record))


def whole_under(record: Record, life: Lifecycle | None) -> Whole:
    """The row with the fields that its lifecycle uses."""
    return Whole(record, life.detail, life.unused, life.offers) if life else Whole(record)


def _case_of(register: Register, record: Record, given: Mapping[str, Any]) -> str:
    """The field by which a row that is nobody's line is about a case; empty when it is about none."""
    cases = {slug for slug, one in registers().items() if one.from_pack}
    named = (name for name, spec in register.fields.items() if spec.target in cases)
    return next((name for name in named if given.get(name) or getattr(record, name, None)), "")


def page_over(record: Record, values: Mapping[str, Any] | None = None) -> str:
    """The policy's page under which a row stands: its own, or that of the case it is about, typed or saved."""
    register = register_of(record)
    if register.from_pack:
        life = lifecycle_of(record)
        return life.page if life else ""
    given = values or {}
    name = register.parent or _case_of(register, record, given)
    if not name:
        return ""
    target, key = registers()[register.fields[name].target], given[name] if name in given else getattr(record, name)
    above = session.get(target.model, key) if key else None
    return page_over(above) if above is not None else ""
