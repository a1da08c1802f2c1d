"""A register: one model and one checked description, from which screens, REST, permissions and menu follow."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import BigInteger, Column, ForeignKey, Index, String, event, inspect
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from app.core import actor, clock, crypto
from app.core.db import Model
from app.core.fieldspec import FieldSpec
from app.core.types import RowId, UtcDateTime

if TYPE_CHECKING:
    from app.core.lifecycle import Lifecycle

ACTIONS = ("read", "write", "move", "approve", "reveal", "export", "import", "print")
OPEN, OWNED, PARENT = "open", "owned", "parent"


class RegisterError(Exception):
    """A register description that contradicts its model; raised at import."""


@dataclass(frozen=True)
class Section:
    """A titled group of fields on forms, pages and prints; ``clause`` names where the policy asks for them.

    ``when`` is a field of choices and those of its keys for which the section is meant.
    """

    title: Any
    fields: tuple[str, ...]
    hint: Any = ""
    clause: str = ""
    when: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Register:
    """The description of one register. Every name in it is checked against the model at import.

    Beside its title a row is known by its ``subject`` (a field in words), its ``party`` (the row it concerns) and
    the ``facts`` that stand in the head of its page. While it is in a ``withheld`` state, its own unit and person
    do not see it yet: only those to whom it was sent, and who sees everything. No holding opens the rows of a
    ``sealed`` register; those of a ``watched`` one only to whom their policy lets look, and each look is kept.
    Those of its ``lines`` that are ``inline`` are typed in its own form and saved with it.
    ``points`` are the two columns, register and id, by which a row leads to the row that it is about. Rows with
    something in ``found_by`` are found by any part of it, by pinyin initials and by number. A row whose ``retired``
    field is filled is only read from then on: nothing new refers to it.
    """

    area: str
    label: Any
    title: str
    list: tuple[str, ...]
    sections: tuple[Section, ...]
    subject: str = ""
    party: str = ""
    facts: tuple[str, ...] = ()
    internal: tuple[str, ...] = ()
    search: tuple[str, ...] = ()
    found_by: tuple[str, ...] = ()
    retired: str = ""
    filters: tuple[str, ...] = ()
    order: str = "-id"
    icon: str = "notebook"
    parent: str = ""
    detail_of: str = ""
    lines: tuple[str, ...] = ()
    inline: tuple[str, ...] = ()
    actions: frozenset[str] = frozenset({"add", "edit", "delete"})
    permissions: tuple[str, ...] = ()
    lifecycle: Lifecycle | None = None
    from_pack: bool = False
    participants: bool = False
    withheld: tuple[str, ...] = ()
    own_scope: bool = False
    sealed: bool = False
    watched: bool = False
    points: tuple[str, str] | tuple[()] = ()
    menu: bool = True
    log: bool = True
    slug: str = ""
    model: Any = None
    fields: Mapping[str, FieldSpec] = field(default_factory=dict)

    @property
    def scope(self) -> str:
        """How rows are limited: by the parent row unless they have a scope of their own, by owner and unit, or not."""
        if self.detail_of or (self.parent and not self.own_scope):
            return PARENT
        return OWNED if "unit_id" in self.model.__table__.c and "owner_id" in self.model.__table__.c else OPEN

    @property
    def closed(self) -> bool:
        """Whether holdings alone open no row: the policy says who is let in."""
        return self.sealed or self.watched

    @cached_property
    def named_by(self) -> tuple[str, ...]:
        """The fields of which an index of words is kept: ``found_by``, else numbers, names and telephones.

        Without ``found_by``, rows that only the program writes have none: they are found by how their title begins.
        """
        if self.found_by or self.closed or self.detail_of or not (self.actions or self.from_pack):
            return self.found_by
        named = dict.fromkeys((self.title, *self.search, self.subject))
        known = [(name, self.fields[name]) for name in named if name in self.fields]
        texts = [name for name, spec in known if spec.kind.name == "text" and not spec.words]
        return (*texts, *(name for name, spec in self.personal.items() if spec.mask == "phone" or name in named))

    @property
    def guarded_by(self) -> str:
        """The register whose permissions count: a detail shares those of its main register."""
        return self.detail_of or self.slug

    @property
    def writable(self) -> dict[str, FieldSpec]:
        """Fields a form may offer."""
        return {name: spec for name, spec in self.fields.items() if not spec.computed}

    @property
    def personal(self) -> dict[str, FieldSpec]:
        """Fields that hold personal data."""
        return {name: spec for name, spec in self.fields.items() if spec.kind.name == "personal"}

    def form_fields(self) -> Iterator[FieldSpec]:
        """Writable fields in the order of the sections."""
        for section in self.sections:
            yield from (self.fields[name] for name in section.fields if not self.fields[name].computed)


_registry: dict[str, Register] = {}


def registers() -> Mapping[str, Register]:
    """All registers by slug."""
    return _registry


def register_of(record: Any) -> Register:
    """The description of a row's (or class's) register."""
    return _registry[record.__tablename__]


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


class Record(Model):
    """Base of every register's model: identity, stamps and the row version that guards against stale edits."""

    __abstract__ = True
    __table_args__: Any = ()
    register: ClassVar[Register]

    id: Mapped[int] = mapped_column(RowId, primary_key=True, sort_order=-100)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now, sort_order=900)
    changed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now, onupdate=clock.now, sort_order=901)
    row_version: Mapped[int] = mapped_column(BigInteger, default=1, sort_order=902)

    @declared_attr
    def created_by_id(cls) -> Mapped[int | None]:
        return mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"), default=actor.user_id, sort_order=903)

    @declared_attr
    def changed_by_id(cls) -> Mapped[int | None]:
        return mapped_column(
            ForeignKey("ab_user.id", ondelete="SET NULL"), default=actor.user_id, onupdate=actor.user_id, sort_order=904
        )

    @declared_attr.directive
    def __tablename__(cls) -> str:
        return _snake(cls.__name__)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.row_version}


@event.listens_for(Record, "after_mapper_constructed", propagate=True)
def _describe(mapper: Any, model: type[Record]) -> None:
    described = model.__dict__.get("register")
    if not isinstance(described, Register):
        raise RegisterError(f"{model.__name__} needs a Register description")
    model.register = _registry[model.__tablename__] = _bind(model, described)
    _index(model, mapper)


def _bind(model: type[Record], described: Register) -> Register:
    """Join description and model; refuses names that do not exist and fields that no section shows."""
    bound = replace(described, slug=model.__tablename__, model=model, fields=_fields(model))
    named = [name for section in bound.sections for name in (*section.fields, *section.when[:1])]
    named += [name for spec in bound.fields.values() for name in spec.when[:1]]
    head = (bound.title, *filter(None, (bound.subject, bound.party)), *bound.facts)
    for name in (*named, *bound.list, *bound.search, *bound.found_by, *bound.filters, *head, bound.order.lstrip("-")):
        if name not in bound.fields and name not in model.__table__.c:
            raise RegisterError(f"{bound.slug}: no field {name!r}")
    if missing := set(bound.fields) - set(named) - set(bound.internal):
        raise RegisterError(f"{bound.slug}: no section shows {sorted(missing)}")
    if strange := set(bound.inline) - set(bound.lines):
        raise RegisterError(f"{bound.slug}: inline are no lines {sorted(strange)}")
    if unknown := (set(bound.permissions) - set(ACTIONS)) | (set(bound.actions) - {"add", "edit", "delete"}):
        raise RegisterError(f"{bound.slug}: unknown {sorted(unknown)}")
    return bound


def _fields(model: type[Record]) -> dict[str, FieldSpec]:
    found = {}
    for column in model.__table__.columns:
        if spec := column.info.get("field"):
            required = (spec.needed or not column.nullable) and column.default is None and not spec.computed
            found[column.key] = replace(spec, name=column.key, required=required)
    for base in model.__mro__:
        slots = {name: spec for name, spec in vars(base).items() if isinstance(spec, FieldSpec)}
        found |= {name: replace(spec, name=name) for name, spec in slots.items()}
    return found


def _index(model: type[Record], mapper: Any) -> None:
    """Give every filter, order and personal field the index that its queries need."""
    described, table = model.register, model.__table__
    for name in described.personal:
        shadow = Column(f"{name}_index", String(64), index=True, default=_blind_default(name))
        table.append_column(shadow)
        mapper.add_property(f"{name}_index", shadow)
    wanted = {*described.filters, *described.search, described.order.lstrip("-")} - {"id"}
    for name in sorted(wanted & set(table.c.keys())):
        column = table.c[name]
        if not (column.index or column.unique or name in described.personal):
            Index(None, column, table.c.id)
    if described.from_pack and "unit_id" in table.c:  # where cases stand is counted without reading their rows
        standing = ("status", "pack_version_id", "unit_id", "owner_id")
        Index(f"ix_{table.name}_standing", *(table.c[name] for name in standing))


def _blind(value: str | None) -> str | None:
    return crypto.blind_index(value) if value else None


def _blind_default(name: str) -> Any:
    """The blind index of a new row, also when rows are inserted in bulk."""
    return lambda context: _blind(context.get_current_parameters().get(name))


@event.listens_for(Record, "before_update", propagate=True)
def _keep_blind(_mapper: Any, _connection: Any, record: Record) -> None:
    """Keep the blind indexes in step with the personal fields that changed."""
    for name in register_of(record).personal:
        if inspect(record).attrs[name].history.has_changes():
            setattr(record, f"{name}_index", _blind(getattr(record, name)))
