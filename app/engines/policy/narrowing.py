"""Lists of cases by what their policies say: the policy itself, its states, and the classes of its own fields."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.sql import ColumnElement

from app.core.fieldspec import FieldSpec
from app.core.lifecycle import Lifecycle
from app.core.narrowing import narrowing
from app.core.register import Register, registers
from app.core.wording import listed
from app.engines.policy import stages
from app.engines.policy.versions import pack_for, version_ids
from app.packs.schema import Pack

POLICY, IN_STATE, OF_CLASS = "policy", "in_state", "of_class"
STATE = re.compile(r"([A-Z]\d\d)\.([a-z][a-z0-9_]{0,39})", re.ASCII)


def _is_case(register: Register) -> bool:
    return register.from_pack


def packs_of(slug: str) -> dict[str, Pack]:
    """The policies that govern a register, each by the latest version that this program knows."""
    packs = (pack_for(version_id) for version_id in sorted(version_ids()))
    return {pack.code: pack for pack in packs if slug in pack.cases}


def _policy_words(value: str) -> str:
    known = {pack_for(version_id).code: pack_for(version_id) for version_id in version_ids()}
    if value not in known:
        raise ValueError(_("There is no policy “%(value)s”.", value=value[:40]))
    return f"{value} {known[value].title}"


@narrowing(POLICY, label=_l("Policy"), applies=_is_case, words=_policy_words)
def _by_policy(register: Register, value: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = register.model.__table__.c.policy == value
    return found


# -- states of several policies ----------------------------------------------------------------------------------------


def states_of(value: str) -> dict[str, list[str]]:
    """States by policy out of ``B02.qc,B04.open``; raises ``ValueError`` with a sentence for anything else."""
    found: dict[str, list[str]] = defaultdict(list)
    for part in value.split(","):
        named = STATE.fullmatch(part)
        if named is None:
            raise ValueError(_("“%(value)s” is not a state of a policy, such as B02.qc.", value=part[:40]))
        found[named[1]].append(named[2])
    return found


def _state_words(value: str) -> str:
    states_of(value)
    said = {f"{life.policy}.{key}": str(state.label) for life in _lives() for key, state in life.states.items()}
    return listed(dict.fromkeys(said.get(part, part) for part in value.split(",")))


def _lives() -> Iterator[Lifecycle]:
    for register in registers().values():
        if register.from_pack:
            yield from stages.lifecycles(register.slug).values()


@narrowing(IN_STATE, label=_l("State"), applies=_is_case, words=_state_words)
def _by_state(register: Register, value: str) -> ColumnElement[bool]:
    table = register.model.__table__
    pairs = ((table.c.policy == code) & table.c.status.in_(keys) for code, keys in states_of(value).items())
    return sa.or_(sa.false(), *pairs)


# -- classes -----------------------------------------------------------------------------------------------------------


def choices_of(register: Register, name: str) -> Iterator[tuple[Register, FieldSpec]]:
    """The fields of a register and of its detail registers that have this name and a fixed list of values."""
    about = [register, *(one for one in registers().values() if one.detail_of == register.slug)]
    for one in about:
        spec = one.fields.get(name)
        hidden = one.sealed or name in one.personal or name in one.internal
        if spec is not None and spec.kind.name == "choice" and spec.stored and not hidden:
            yield one, spec


def _class_words(value: str) -> str:
    name, _sep, key = value.partition(":")
    if not any(_sep and any(choices_of(register, name)) for register in registers().values() if register.from_pack):
        raise ValueError(_("“%(value)s” is not a class, such as level:major.", value=value[:40]))
    labels = (spec.choices.get(key) for register in _cases() for _one, spec in choices_of(register, name))
    return str(next((label for label in labels if label), key or _("Not named yet")))


def _cases() -> Iterable[Register]:
    return (register for register in registers().values() if register.from_pack)


@narrowing(OF_CLASS, label=_l("Class"), applies=_is_case, words=_class_words)
def _by_class(register: Register, value: str) -> ColumnElement[bool]:
    """Rows whose field has the value; with an empty one those in which no field of the name has any."""
    name, _sep, key = value.partition(":")
    columns = [one.model.__table__.c for one, _spec in choices_of(register, name)]
    asked = [sa.select(c.id).where(c[name] == key if key else c[name].is_not(None)) for c in columns]
    ids = register.model.__table__.c.id
    return sa.or_(sa.false(), *map(ids.in_, asked)) if key else sa.and_(sa.true(), *map(ids.not_in, asked))
