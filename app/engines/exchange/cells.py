"""A cell as people write it, turned into what a field reads: choices by their words, dates in every usual form."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from stdnum.cn import ric, uscc

from app.core.fieldspec import FieldSpec
from app.core.identifiers import plain_code
from app.core.web import LOCALES

YES = frozenset({"是", "有", "对", "y", "yes", "true", "1", "√", "✓"})
NO = frozenset({"否", "无", "不", "n", "no", "false", "0", "×", "✗"})
TEXTS = ("text", "longtext", "personal")
EXACT, LENGTH = 15, 18
_PARTS = re.compile(r"[、,，;；\n]+")
_SCIENTIFIC = re.compile(r"^-?\d(?:\.\d+)?E\+?(\d{1,3})$", re.IGNORECASE)
_DAY = re.compile(r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s*[T ]?\s*(\d{1,2}[:：]\d{2}.*))?$")
_RUN = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})
_MONEY = re.compile(r"[¥￥元\s]")
Words = Mapping[str, str]
_known: dict[int, tuple[Mapping[str, Any], Words]] = {}


def raw(spec: FieldSpec, text: str) -> Any:
    """What the field's kind reads out of a cell; raises ``ValueError`` with a sentence for what a sheet has spoilt."""
    plain = text.strip()
    if plain in _ERRORS:
        raise ValueError(_("the cell holds an error of Excel, “%(error)s”.", error=plain))
    return _WAYS.get(spec.kind.name, _as_it_is)(spec, plain)


def is_rounded(text: str, spec: FieldSpec) -> bool:
    """Whether a number has lost digits in a sheet: shown as 1.10101E+17, or an identifier that ends in noughts."""
    if (found := _SCIENTIFIC.match(text)) and int(found[1]) >= EXACT - 5:
        return True
    if not (spec.mask == "id" or spec.clean is plain_code) or len(text) != LENGTH or not text.isdecimal():
        return False
    fits = text[-1] in (ric.calc_check_digit(text), uscc.calc_check_digit(text[:-1]))
    return text.endswith("000") and not fits


def parts_of(text: str) -> list[str]:
    """The entries of a cell that holds several."""
    return [part for part in (piece.strip() for piece in _PARTS.split(text)) if part]


def _as_it_is(_spec: FieldSpec, text: str) -> str:
    return text


def _text(spec: FieldSpec, text: str) -> str:
    if is_rounded(text, spec):
        raise ValueError(_(
            "Excel has rounded this number: it keeps 15 digits only. "
            "Set the column to text and type the number again from the paper."
        ))  # fmt: skip
    return text


def _choice(spec: FieldSpec, text: str) -> str:
    found = words_of(spec).get(_fold(text))
    if found is None:
        shown = _(", ").join(str(label) for label in list(spec.choices.values())[:12])
        raise ValueError(_("“%(value)s” is not one of: %(choices)s.", value=text[:40], choices=shown))
    return found


def _choices(spec: FieldSpec, text: str) -> list[str]:
    return [_choice(spec, part) for part in parts_of(text)]


def _boolean(_spec: FieldSpec, text: str) -> Any:
    plain = _fold(text)
    return True if plain in YES else False if plain in NO else text


def _day(_spec: FieldSpec, text: str) -> str:
    day, _at = _taken_apart(text)
    return day


def _instant(_spec: FieldSpec, text: str) -> str:
    day, at = _taken_apart(text)
    return f"{day}T{at}" if at else day


def _taken_apart(text: str) -> tuple[str, str]:
    """The day in ISO form and the time behind it; a text that is no day stays as it is."""
    found = _DAY.match(text) or _RUN.match(text)
    if found is None:
        return text, ""
    try:
        day = dt.date(*map(int, found.groups()[:3])).isoformat()
    except ValueError:
        return text, ""
    at = (found[4] or "").replace("：", ":") if found.re is _DAY else ""
    return day, f"0{at}" if len(at) > 1 and at[1] == ":" else at


def _number(_spec: FieldSpec, text: str) -> str:
    return _MONEY.sub("", unicodedata.normalize("NFKC", text))


def _percent(spec: FieldSpec, text: str) -> str:
    return _number(spec, text).removesuffix("%")


_WAYS: Mapping[str, Callable[[FieldSpec, str], Any]] = {
    **dict.fromkeys(TEXTS, _text), "choice": _choice, "choices": _choices, "boolean": _boolean, "date": _day,
    "datetime": _instant, "money": _number, "integer": _number, "decimal": _number, "percent": _percent,
}  # fmt: skip


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()


def words_of(spec: FieldSpec) -> Words:
    """The keys of a field of choices by their words in every language, and by themselves."""
    known = _known.get(id(spec.choices))
    if known is None or known[0] is not spec.choices:
        known = (spec.choices, _words(spec.choices))
        if isinstance(spec.choices, dict):  # others may say something else tomorrow
            _known[id(spec.choices)] = known
    return known[1]


def _words(choices: Mapping[str, Any]) -> dict[str, str]:
    labels = [(key, labels_of(label)) for key, label in reversed(list(choices.items()))]
    return {_fold(word): key for key, several in labels for word in several} | {_fold(key): key for key in choices}


def labels_of(label: Any) -> tuple[str, ...]:
    """A label in every language of the portal, each once."""
    return tuple(dict.fromkeys(_in(label, locale) for locale in LOCALES))


def _in(label: Any, locale: str) -> str:
    with force_locale(locale):
        return str(label)
