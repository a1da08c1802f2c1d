"""Kinds of fields: how a value is read, shown, filtered and described, once for screens, REST and import."""

from app.core.kinds.base import EQUALITY, LARGEST, RANGE, Kind
from app.core.kinds.choices import BooleanKind, ChoiceKind, ChoicesKind, ManyKind
from app.core.kinds.numbers import DecimalKind, IntegerKind, MoneyKind, NumberKind, PercentKind
from app.core.kinds.refs import FilesKind, RefKind, RefsKind
from app.core.kinds.texts import JsonKind, LongTextKind, PersonalKind, PostKind, StateKind, TextKind
from app.core.kinds.times import DateKind, DateTimeKind

__all__ = [
    "EQUALITY",
    "LARGEST",
    "RANGE",
    "BooleanKind",
    "ChoiceKind",
    "ChoicesKind",
    "DateKind",
    "DateTimeKind",
    "DecimalKind",
    "FilesKind",
    "IntegerKind",
    "JsonKind",
    "Kind",
    "LongTextKind",
    "ManyKind",
    "MoneyKind",
    "NumberKind",
    "PercentKind",
    "PersonalKind",
    "PostKind",
    "RefKind",
    "RefsKind",
    "StateKind",
    "TextKind",
]
