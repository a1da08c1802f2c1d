"""One function per kind of field: a column (or attachment slot) with its label, help and limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import MappedColumn, mapped_column

from app.core import kinds
from app.core.fieldspec import FieldSpec
from app.core.types import RowId

Label = Any
Column = MappedColumn[Any]


def _column(spec: FieldSpec, *args: Any, **options: Any) -> Column:
    if spec.unique:
        options["unique"] = True
    return mapped_column(spec.kind.column_type(spec), *args, info={"field": spec}, **options)


def _simple(kind: kinds.Kind, label: Label, options: dict[str, Any], **spec: Any) -> Column:
    known = {key: options.pop(key) for key in list(options) if key in FieldSpec.__dataclass_fields__}
    return _column(FieldSpec(kind, label, **spec, **known), **options)


def text(label: Label, size: int = 200, **options: Any) -> Column:
    """One line of at most ``size`` characters."""
    return _simple(kinds.TextKind(), label, options, size=size)


def longtext(label: Label, size: int = 20_000, **options: Any) -> Column:
    """Several lines of at most ``size`` characters."""
    return _simple(kinds.LongTextKind(), label, options, size=size, width=3)


def integer(label: Label, **options: Any) -> Column:
    """A whole number."""
    return _simple(kinds.IntegerKind(), label, options)


def money(label: Label, **options: Any) -> Column:
    """Yuan, exact to the fen; not negative unless ``minimum=None`` is given."""
    options.setdefault("minimum", 0)
    return _simple(kinds.MoneyKind(), label, options)


def percent(label: Label, **options: Any) -> Column:
    """A percentage, 100 meaning the whole."""
    return _simple(kinds.PercentKind(), label, options)


def decimal(label: Label, **options: Any) -> Column:
    """A number with up to four decimals."""
    return _simple(kinds.DecimalKind(), label, options)


def date(label: Label, **options: Any) -> Column:
    """A calendar day."""
    return _simple(kinds.DateKind(), label, options)


def datetime(label: Label, **options: Any) -> Column:
    """An instant, typed and shown in local time."""
    return _simple(kinds.DateTimeKind(), label, options)


def boolean(label: Label, **options: Any) -> Column:
    """Yes or no."""
    return _simple(kinds.BooleanKind(), label, options)


def choice(label: Label, choices: Mapping[str, Label], **options: Any) -> Column:
    """One key of ``choices``."""
    return _simple(kinds.ChoiceKind(), label, options, choices=choices)


def choices(label: Label, choices: Mapping[str, Label], **options: Any) -> Column:
    """Several keys of ``choices``."""
    return _simple(kinds.ChoicesKind(), label, options, choices=choices)


def state(label: Label, **options: Any) -> Column:
    """The state of a case; written by moves only."""
    return _simple(kinds.StateKind(), label, options, size=40, computed=True)


def post(label: Label, **options: Any) -> Column:
    """The code of a post; screens say what the policy calls it, programs get the code."""
    return _simple(kinds.PostKind(), label, options, size=60, computed=True)


def ref(label: Label, target: str, *, ondelete: str = "RESTRICT", **options: Any) -> Column:
    """The id of a row of the register ``target``."""
    known = {key: options.pop(key) for key in list(options) if key in FieldSpec.__dataclass_fields__}
    spec = FieldSpec(kinds.RefKind(), label, target=target, **known)
    key = ForeignKey(f"{'ab_user' if target == 'account' else target}.id", ondelete=ondelete)
    return mapped_column(RowId, key, info={"field": spec}, unique=spec.unique or None, index=True, **options)


def refs(label: Label, target: str, **options: Any) -> Column:
    """The ids of several rows of the register ``target``."""
    return _simple(kinds.RefsKind(), label, options, target=target, width=2)


def personal(label: Label, size: int = 200, *, mask: str = "middle", **options: Any) -> Column:
    """Personal data, encrypted; ``mask`` names how it is shown: name, phone, id, email, address, middle."""
    return _simple(kinds.PersonalKind(), label, options, size=size, mask=mask)


def json(label: Label, **options: Any) -> Column:
    """Computed data."""
    return _simple(kinds.JsonKind(), label, options, computed=True, width=3)


def files(label: Label, **options: Any) -> FieldSpec:
    """Attachments; not a column of the table."""
    return FieldSpec(kinds.FilesKind(), label, width=3, **options)
