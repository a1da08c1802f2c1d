"""What writes the trail by itself: every flush of an audited row, every move, every attachment."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapper, ORMExecuteState, Session, UOWTransaction
from sqlalchemy.orm.util import identity_key

from app.core import actor, clock, masking, moves
from app.core.attachments import Attachment
from app.core.db import session
from app.core.fieldspec import FieldSpec
from app.core.lifecycle import State
from app.core.moves import Moved
from app.core.register import Record, Register, register_of, registers
from app.core.wording import N_
from app.engines.audit import operations
from app.engines.audit.models import AuditEntry

Changes = dict[str, list[Any]]

STAYED = "%(move)s"
MOVED = N_("%(move)s: %(source)s → %(target)s")


# -- rows ------------------------------------------------------------------------------------------------------------


@event.listens_for(Mapper, "after_configured")
def _know_old_values() -> None:
    """Let an assignment to an expired attribute load what it replaces; otherwise the trail would miss it."""
    for register in filter(lambda known: known.log, registers().values()):
        for name in _audited(register):
            if not event.contains(attribute := getattr(register.model, name), "set", _unchanged):
                event.listen(attribute, "set", _unchanged, active_history=True)


def _unchanged(_record: Any, _value: Any, _old: Any, _initiator: Any) -> None:
    """Nothing; being a listener with ``active_history`` is the point."""


@event.listens_for(Record, "before_delete", propagate=True)
def _load_before_delete(_mapper: Any, _connection: Any, record: Record) -> None:
    for name in _audited(register_of(record)):
        getattr(record, name)


@event.listens_for(session, "after_flush")
def _write_changes(flushed: Session, _context: UOWTransaction) -> None:
    """One statement per flush, inside the business transaction."""
    if rows := list(_rows(flushed)):
        flushed.connection().execute(sa.insert(AuditEntry), rows)


def _rows(flushed: Session) -> Iterator[dict[str, Any]]:
    stamp = {
        "act": actor.act_id(), "at": clock.now(), "account_id": actor.user_id(), "params": operations.by_key(),
    }
    for kind, objects, read in (
        ("create", flushed.new, _created), ("update", flushed.dirty, _updated), ("delete", flushed.deleted, _deleted),
    ):
        for row in objects:
            if isinstance(row, Attachment) and kind != "update":
                change = [None, row.name] if kind == "create" else [row.name, None]
                where = {"register": row.register, "record_id": row.record_id}
                yield stamp | where | {"kind": "update", "changes": {row.field: change}}
            elif isinstance(row, Record) and row.register.log and ((changes := read(row)) or kind != "update"):
                where = {"register": row.register.guarded_by, "record_id": row.id}
                told = operations.by_key() | _version(flushed, row)
                yield stamp | where | {"kind": kind, "changes": changes, "params": told}


def _version(flushed: Session, row: Record) -> dict[str, Any]:
    """The version of the main row that a change made, so that a stale form can be told what is new since."""
    if row.register.detail_of:
        known = flushed.identity_map.get(identity_key(registers()[row.register.detail_of].model, row.id))
        return {"row_version": known.row_version} if known is not None else {}
    return {"row_version": row.row_version}


def _audited(register: Register) -> dict[str, FieldSpec]:
    return _stored(register.model)


@lru_cache(maxsize=1024)
def _stored(model: type[Record]) -> dict[str, FieldSpec]:
    return {name: spec for name, spec in model.register.fields.items() if spec.stored}


def _created(row: Record) -> Changes:
    held: Any = sa.inspect(row).dict
    return _pairs(row, lambda name: (None, held.get(name)))


def _deleted(row: Record) -> Changes:
    held: Any = sa.inspect(row).dict
    return _pairs(row, lambda name: (held.get(name), None))


def _updated(row: Record) -> Changes:
    return _pairs(row, lambda name: _history(row, name))


def _history(row: Record, name: str) -> tuple[Any, Any]:
    found: Any = sa.inspect(row).attrs[name].history
    return (found.deleted or (None,))[0], (found.added or (None,))[0]


def _pairs(row: Record, read: Any) -> Changes:
    """Old and new value of each field that differs, as JSON; personal values are masked on the way in."""
    found: Changes = {}
    for name, spec in _audited(row.register).items():
        old, new = read(name)
        if old != new:
            found[name] = [_plain(spec, old), _plain(spec, new)]
    return found


def _plain(spec: FieldSpec, value: Any) -> Any:
    if value is None:
        return None
    return masking.mask(spec.mask, value) if spec.kind.name == "personal" else spec.kind.plain(value)


# -- acts ------------------------------------------------------------------------------------------------------------


@event.listens_for(session, "do_orm_execute")
def _refuse_bulk(state: ORMExecuteState) -> None:
    """A bulk UPDATE or DELETE passes the flush by; it needs an act that says so and writes its own entries."""
    if not (state.is_update or state.is_delete) or operations.bulk_reason():
        return
    table = state.statement.table.name  # type: ignore[attr-defined]
    if (register := registers().get(table)) and register.log:
        raise operations.UnauditedChange(f"a bulk change of {table} needs audit.operations.bulk_change(reason)")


def _note_move(moved: Moved) -> None:
    if moved.move is None or not moved.register.log:
        return
    text = STAYED if moved.source == moved.target else MOVED
    params = {
        "move": moved.move.label, "source": _label(moved, moved.source), "target": _label(moved, moved.target),
        "reason": moved.reason, "post": moved.post.code if moved.post else "",
    }
    operations.note(moved.record, "move", text, params, moved.move.clause)


def _label(moved: Moved, state: str) -> Any:
    known: State | None = moved.lifecycle.states.get(state)
    return known.label if known else state


moves.on_moved(_note_move, order=30)
