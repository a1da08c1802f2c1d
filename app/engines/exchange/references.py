"""Other rows named in cells: found by number or name, many with one statement, within reach alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core import crypto, reading, saving
from app.core.db import session
from app.core.kinds import LARGEST, TextKind
from app.core.register import Register, registers

KEPT = 50_000
Found = Mapping[str, int | None]


@lru_cache(maxsize=512)
def names_of(slug: str) -> tuple[str, ...]:
    """The fields by which a row of a register may be named: texts that each has once, its title, what is searched."""
    register = registers()[slug]
    once = [name for name, spec in register.fields.items() if spec.unique and isinstance(spec.kind, TextKind)]
    return tuple(n for n in dict.fromkeys((*once, register.title, *register.search)) if _is_name(register, n))


def _is_name(register: Register, name: str) -> bool:
    spec = register.fields.get(name)
    if spec is None or not spec.stored or not isinstance(spec.kind, TextKind):
        return False
    return spec.kind.name in ("text", "personal") and not (register.closed and spec.kind.name == "personal")


class References:
    """Remembers what was looked up: the id by register and text, ``None`` for no row, nought for several."""

    def __init__(self) -> None:
        self._known: dict[str, dict[str, int | None]] = defaultdict(dict)

    def learn(self, wanted: Mapping[str, set[str]]) -> None:
        """Look up the texts that are not known yet, by register; a statement per way of naming."""
        for slug, texts in wanted.items():
            known = self._known[slug]
            if len(known) > KEPT:
                known.clear()
            if new := {text for text in texts if text not in known}:
                known.update(dict.fromkeys(new) | _look_up(registers()[slug], new))

    def get(self, slug: str, text: str) -> int | None:
        """The id of the row that a text names; raises ``ValueError`` with a sentence for none or several."""
        found = self._known[slug].get(text)
        label = registers()[slug].label
        if found is None:
            raise ValueError(_("there is no “%(text)s” among “%(register)s” that you may use.", text=text[:60],
                               register=label))  # fmt: skip
        if not found:
            raise ValueError(_("several of “%(register)s” are called “%(text)s”; write the number instead.",
                               text=text[:60], register=label))  # fmt: skip
        return found


def _look_up(register: Register, texts: Iterable[str]) -> dict[str, int | None]:
    """What the texts lead to: by id after a ``#``, then by each name in turn, an earlier one before a later."""
    left, found = set(texts), dict[str, int | None]()
    table, usable = register.model.__table__, saving.usable(register)
    ids = {text: key for text in left if text.startswith("#") and (key := _id(text[1:]))}
    ids |= {text: key for text in left if register.title == "id" and (key := _id(text))}
    if ids:
        there = set(session.scalars(sa.select(table.c.id).where(table.c.id.in_(sorted(set(ids.values()))), usable)))
        found |= {text: key for text, key in ids.items() if key in there}
    for name in names_of(register.slug):
        if not (left := left - set(found)):
            break
        column, asked = _asked(register, name, left)
        chosen = sa.select(table.c.id, column).where(column.in_(sorted(asked)), usable)
        rows = defaultdict[Any, set[int]](set)
        for key, value in session.execute(chosen):
            rows[value].add(key)
        found |= {asked[value]: next(iter(of)) if len(of) == 1 else 0 for value, of in rows.items()}
    return found


def _asked(register: Register, name: str, texts: Iterable[str]) -> tuple[Any, dict[str, str]]:
    """The column to look in, and the texts by what is kept there."""
    spec, table = register.fields[name], register.model.__table__
    if spec.kind.name == "personal":
        kept = {crypto.blind_index(spec.clean(text) if spec.clean else text): text for text in texts}
        return table.c[f"{name}_index"], kept
    kept = {text: text for text in texts}
    return table.c[name], kept if spec.clean is None else {spec.clean(text): text for text in texts} | kept


def _id(text: str) -> int | None:
    key = reading.number(text)
    return key if key and 0 < key < LARGEST else None
