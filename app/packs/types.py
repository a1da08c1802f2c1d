"""Building blocks of a pack: each turns written text into what its place asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

from flask_babel import gettext as _
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, StringConstraints

from app.core.lifecycle import Words

UNITS = (
    "working_days",
    "calendar_days",
    "trading_days",
    "working_hours",
    "hours",
    "minutes",
    "months",
    "day_of_next_month",
)
MAGIC = ("@now", "@today", "@me")
_KEY = r"[a-z][a-z0-9_]*"
_REF = re.compile(rf"\$({_KEY})")
_SCALARS: Mapping[str, Any] = {"true": True, "false": False, "none": None}


class Part(BaseModel):
    """Base of everything in a pack: unknown keys are refused, nothing changes afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


@dataclass(frozen=True)
class Ref:
    """A value that a parameter of the pack gives, written ``$key``."""

    key: str


T = TypeVar("T")
Key = Annotated[str, StringConstraints(pattern=rf"^{_KEY}$")]
Names = tuple[Key, ...]
Time = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Filled = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Basis = Literal["stated", "assumed"]


class _Pair(Part):
    zh: Filled
    en: Filled


def _named(entries: Any) -> Any:
    """Tell each entry of a table the key it stands under."""
    if not isinstance(entries, Mapping):
        return entries
    return {key: {"key": key, **entry} if isinstance(entry, Mapping) else entry for key, entry in entries.items()}


def _amount(value: Any) -> Decimal:
    if not isinstance(value, str):
        raise ValueError(_("amounts and numbers are written as text"))
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise ValueError(_("is not a number")) from None
    if not number.is_finite():
        raise ValueError(_("is not a number"))
    return number


def _or_ref(value: Any) -> Ref | None:
    found = _REF.fullmatch(value) if isinstance(value, str) else None
    return Ref(found[1]) if found else None


def _number(value: Any) -> Decimal | Ref:
    return _or_ref(value) or _amount(value)


def _unit(value: Any) -> str | Ref:
    if (ref := _or_ref(value)) is not None:
        return ref
    if value not in UNITS:
        raise ValueError(_("is not one of: %(known)s", known=", ".join(UNITS)))
    return str(value)


def _scalar(value: Any) -> Any:
    if not isinstance(value, str):
        raise ValueError(_("is not a text"))
    if value.startswith("@") and value not in MAGIC:
        raise ValueError(_("is not one of: %(known)s", known=", ".join(MAGIC)))
    return _SCALARS.get(value, value)


def _conditions(value: Any) -> Mapping[str, tuple[Any, ...]]:
    if not isinstance(value, Mapping):
        raise ValueError(_("a condition is written as field: value, or field: [values]"))
    return MappingProxyType(
        {
            field: tuple(map(_scalar, wanted if isinstance(wanted, list | tuple) else [wanted]))
            for field, wanted in value.items()
        }
    )


if TYPE_CHECKING:
    Text = Words
    Table = Mapping[str, T]
else:
    Text = Annotated[_Pair, AfterValidator(lambda pair: Words(pair.zh, pair.en))]
    Table = Annotated[dict[Key, T], BeforeValidator(_named), AfterValidator(MappingProxyType)]

Amount = Annotated[Decimal, PlainValidator(_amount)]
Number = Annotated[Decimal | Ref, PlainValidator(_number)]
Unit = Annotated[str | Ref, PlainValidator(_unit)]
Value = Annotated[Any, PlainValidator(_scalar)]
When = Annotated[Mapping[str, tuple[Any, ...]], PlainValidator(_conditions)]
Nothing: Any = Field(default_factory=dict)


class Entry(Part):
    """A part with a key of its own, the clause it follows, and whether the text or we say so."""

    key: Key
    clause: Filled
    basis: Basis


class Span(Part):
    """A length of time: a number of units."""

    number: Number
    unit: Unit


class Band(Part):
    """A stretch of numbers: ``above`` and ``below`` leave the bound out, ``start`` and ``up_to`` take it in."""

    above: Amount | None = None
    start: Amount | None = None
    up_to: Amount | None = None
    below: Amount | None = None
    clause: Filled
    basis: Basis

    @property
    def lower(self) -> Decimal | None:
        """The lower bound, whether it belongs to the band or not."""
        return self.above if self.above is not None else self.start

    @property
    def upper(self) -> Decimal | None:
        """The upper bound, whether it belongs to the band or not."""
        return self.up_to if self.up_to is not None else self.below

    def holds(self, number: Decimal) -> bool:
        """Whether the number lies in the band."""
        return not (
            (self.above is not None and number <= self.above)
            or (self.start is not None and number < self.start)
            or (self.up_to is not None and number > self.up_to)
            or (self.below is not None and number >= self.below)
        )


B = TypeVar("B", bound=Band)


def _contiguous(bands: tuple[B, ...]) -> tuple[B, ...]:
    """Refuse bands out of order, with a gap between them, or with an overlap."""
    if faults := list(_band_faults(bands)):
        raise ValueError("; ".join(faults))
    return bands


def _band_faults(bands: tuple[Band, ...]) -> Iterator[str]:
    if not bands:
        yield _("there is no band")
    for number, band in enumerate(bands, start=1):
        if None not in (band.above, band.start) or None not in (band.up_to, band.below):
            yield _("band %(number)s has two bounds on one side", number=number)
        elif band.lower is not None and band.upper is not None and band.lower >= band.upper:
            yield _("band %(number)s is empty", number=number)
    for number, (band, after) in enumerate(pairwise(bands), start=1):
        yield from _seam({"one": number, "two": number + 1}, band, after)


def _seam(which: Mapping[str, int], band: Band, after: Band) -> Iterator[str]:
    upper, lower = band.upper, after.lower
    if upper is None or lower is None:
        yield _("bands %(one)s and %(two)s overlap: a bound is missing between them", **which)
    elif upper > lower or (upper == lower and band.up_to is not None and after.start is not None):
        yield _("bands %(one)s and %(two)s overlap from %(low)s to %(high)s", low=lower, high=upper, **which)
    elif upper < lower or (band.below is not None and after.above is not None):
        yield _("bands %(one)s and %(two)s leave a gap from %(low)s to %(high)s", low=upper, high=lower, **which)


Bands = Annotated[tuple[B, ...], AfterValidator(_contiguous)]
