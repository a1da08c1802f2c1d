"""What may be done to the rows of a run: the fields that may be set, the steps that lead on from their states."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.core import access, moves
from app.core.db import session
from app.core.fieldspec import FieldSpec
from app.core.lifecycle import Lifecycle, Move
from app.core.register import Register, registers
from app.core.whole import Whole
from app.engines.bulk.models import EDIT, MOVE, BulkRow, BulkRun

NEVER = frozenset({"json", "files", "state", "post"})
"""Kinds that are left to single forms, as are fields that each row has once: many rows cannot share a value."""
KINDS = 40


@dataclass(frozen=True)
class Choice:
    """One thing that may be done: its label, the row whose form is shown, the fields it asks for."""

    kind: str
    key: str
    label: str
    whole: Whole
    fields: dict[str, FieldSpec]
    move: Move | None = None

    @property
    def name(self) -> str:
        """How addresses name it."""
        return f"{self.kind}:{self.key}"


def may(register: Register) -> bool:
    """Whether the person may change several rows of a register at once at all."""
    person = access.current()
    if register.closed or register.detail_of:
        return False
    edits = "edit" in register.actions and person.can(register.guarded_by, "write")
    cases = register.from_pack or register.lifecycle is not None
    return edits or (cases and person.can(register.guarded_by, "move"))


def choices(run: BulkRun) -> list[Choice]:
    """Everything that may be done to at least one of the chosen rows, steps first."""
    register, found = registers()[run.register], dict[str, Choice]()
    for record in _kinds(run, register):
        life, whole = moves.lifecycle_of(record), moves.whole_of(record)
        for choice in (*_steps(register, record, life, whole), *_fields(register, record, life, whole)):
            found.setdefault(choice.name, choice)
    return sorted(found.values(), key=lambda choice: choice.kind == EDIT)


def _kinds(run: BulkRun, register: Register) -> Iterable[Any]:
    """A row of each kind: of every policy version, adopter and state; one where packs decide nothing."""
    table, rows = register.model.__table__, BulkRow.__table__
    names = ("pack_version_id", "adopter_id", "status") if register.from_pack else ("status",)
    by = [table.c[name] for name in names if name in table.c]
    chosen = sa.select(rows.c.record_id).where(rows.c.run_id == run.id)
    first = sa.select(sa.func.min(table.c.id)).where(table.c.id.in_(chosen), access.rows(register))
    first = first.group_by(*by).limit(KINDS) if by else first
    model = register.model
    return session.scalars(sa.select(model).where(model.id.in_(first)).order_by(model.id)).all()


def _steps(register: Register, record: Any, life: Lifecycle | None, whole: Whole) -> Iterator[Choice]:
    person = access.current()
    if life is None or not person.can(register.slug, "move"):
        return
    for move in life.leaving(record.status):
        if move.system or move.approval:
            continue
        if move.posts and person.holds([f"{life.policy}.{post}" for post in move.posts], life.within) is None:
            continue
        fields = {n: s for n, s in moves.fields_of_move(whole, move).items() if s.kind.name != "files"}
        yield Choice(MOVE, move.key, str(move.label), whole, fields, move)


def _fields(register: Register, record: Any, life: Lifecycle | None, whole: Whole) -> Iterator[Choice]:
    if "edit" not in register.actions or not access.current().can(register.guarded_by, "write"):
        return
    names = life.states[record.status].editable if life and register.from_pack else whole.fields
    for name in names:
        spec = whole.fields.get(name)
        if spec is not None and spec.stored and not spec.computed and not spec.unique and spec.kind.name not in NEVER:
            yield Choice(EDIT, name, str(spec.label), whole, {name: spec})
