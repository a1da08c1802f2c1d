"""Open lists: which there are, what the company made of them, and each change with its checks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core import openlists, reading
from app.core.db import session
from app.core.errors import NotFound, Problem, Refusal
from app.core.fieldspec import FieldSpec
from app.core.lifecycle import Words
from app.core.openlists import Entry, OpenChoices
from app.core.register import Register, registers
from app.core.remembering import within_transaction
from app.core.saving import Draft, check_all
from app.engines.dictionary.models import DictionaryEntry

SLUG, LONGEST, MOST = DictionaryEntry.__tablename__, 60, 200


@dataclass(frozen=True)
class OpenList:
    """An open list and the field that takes its choices."""

    name: str
    register: Register
    spec: FieldSpec

    @property
    def choices(self) -> OpenChoices:
        """Its choices."""
        found = self.spec.choices
        assert isinstance(found, OpenChoices)
        return found


def lists() -> list[OpenList]:
    """Every open list, by register."""
    return [
        OpenList(spec.choices.name, register, spec)
        for register in registers().values() for spec in register.fields.values()
        if isinstance(spec.choices, OpenChoices)
    ]  # fmt: skip


def find(name: str) -> OpenList:
    """An open list by its name; raises ``NotFound``."""
    found = next((one for one in lists() if one.name == name), None)
    if found is None:
        raise NotFound()
    return found


@within_transaction(DictionaryEntry)
def _all() -> dict[str, list[Entry]]:
    """What the company made of all lists: one statement in a transaction."""
    table, found = DictionaryEntry.__table__, dict[str, list[Entry]]()
    rows = sa.select(table.c.of_list, table.c.key, table.c.zh, table.c.en, table.c.retired)
    for row in session.execute(rows.order_by(table.c.of_list, table.c.position, table.c.id)):
        label = Words(row.zh, row.en or row.zh) if row.zh else None
        found.setdefault(row.of_list, []).append(Entry(row.key, label, row.retired))
    return found


def entries(name: str) -> Sequence[Entry]:
    """What the company made of one list."""
    return _all().get(name, ())


openlists.set_reader(entries)


@check_all
def not_retired(draft: Draft) -> Iterable[Problem]:
    """A retired choice stays where it is, and is not chosen any more."""
    for name, value in draft.values.items():
        spec = draft.whole.fields.get(name)
        if spec is None or not isinstance(spec.choices, OpenChoices) or value == draft.whole.get(name):
            continue
        if value in openlists.retired(spec.choices):
            text = _("“%(value)s” is not used any more.", value=spec.choices[value])
            yield Problem(text, name, "retired")


# -- changing ----------------------------------------------------------------------------------------------------------


def _rows(one: OpenList) -> dict[str, DictionaryEntry]:
    """A row for each choice of a list, locked; those that are only shipped get one."""
    query = sa.select(DictionaryEntry).filter_by(of_list=one.name).order_by(DictionaryEntry.position)
    known = {row.key: row for row in session.scalars(query.with_for_update())}
    for place, entry in enumerate(one.choices.entries):
        if entry.key not in known:
            known[entry.key] = DictionaryEntry(of_list=one.name, key=entry.key, position=place, retired=False)
            session.add(known[entry.key])
    session.flush()
    return known


def _row(one: OpenList, key: str) -> DictionaryEntry:
    found = _rows(one).get(key)
    if found is None:
        raise NotFound()
    return found


def add(one: OpenList, zh: str, en: str) -> DictionaryEntry:
    """One more choice, at the end; raises ``Refusal``. The caller commits."""
    Refusal.when(_problems(one, "", zh, en))
    rows = _rows(one)
    if len(rows) >= MOST:
        raise Refusal(Problem(_("A list has at most %(most)s choices.", most=MOST), "zh", "most"))
    place = 1 + max((row.position for row in rows.values()), default=-1)
    number = next(n for n in range(1, MOST + 2) if f"own_{n}" not in rows)
    made = DictionaryEntry(of_list=one.name, key=f"own_{number}", zh=zh.strip(), en=en.strip() or None, position=place,
                           retired=False)  # fmt: skip
    session.add(made)
    session.flush()
    return made


def rename(one: OpenList, key: str, zh: str, en: str) -> None:
    """Call a choice otherwise, also on the rows that have it; raises ``Refusal``. The caller commits."""
    Refusal.when(_problems(one, key, zh, en))
    row = _row(one, key)
    row.zh, row.en = zh.strip(), en.strip() or None
    session.flush()


def retire(one: OpenList, key: str, gone: bool) -> None:
    """Offer a choice no more, or again; one at least stays. The caller commits."""
    row = _row(one, key)
    left = {entry.key for entry in one.choices.entries if not entry.retired} - {key}
    if gone and not left:
        raise Refusal(Problem(_("One choice at least has to stay."), None, "last"))
    row.retired = gone
    session.flush()


def shift(one: OpenList, key: str, up: bool) -> None:
    """Put a choice one place up or down. The caller commits."""
    rows = _rows(one)
    if key not in rows:
        raise NotFound()
    order = [entry.key for entry in one.choices.entries]
    at = order.index(key)
    to = at - 1 if up else at + 1
    if 0 <= to < len(order):
        order[at], order[to] = order[to], order[at]
    for place, name in enumerate(order):
        rows[name].position = place
    session.flush()


def _problems(one: OpenList, key: str, zh: str, en: str) -> Iterable[Problem]:
    zh, en = zh.strip(), en.strip()
    if not zh:
        yield Problem(_("“%(field)s” is needed.", field=_("In Chinese")), "zh", "required")
    for name, text in (("zh", zh), ("en", en)):
        if len(text) > LONGEST or not reading.is_shown(text):
            yield Problem(_("A choice has at most %(most)s characters.", most=LONGEST), name, "text")
    for entry in one.choices.entries:
        said: Any = entry.label
        if entry.key != key and zh and zh in (getattr(said, "zh", None), str(said)):
            yield Problem(_("“%(value)s” is there already.", value=zh), "zh", "unique")


def used(one: OpenList) -> dict[str, int]:
    """How many rows have each choice, of all rows: one statement."""
    column = one.register.model.__table__.c[one.spec.name]
    counted = sa.select(column, sa.func.count()).where(column.is_not(None)).group_by(column)
    return {row[0]: row[1] for row in session.execute(counted)}
