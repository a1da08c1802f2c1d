"""The value of a parameter, read from its text."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import lazy_gettext as _l

from app.packs.entries import Parameter

FLAGS = {"yes": True, "no": False}


def read_value(parameter: Parameter, text: str) -> Any:
    """The typed value of ``text``; raises ``ValueError`` with a sentence."""
    text = text.strip()
    if parameter.type == "choice":
        return _one_of(text, parameter.choices)
    if parameter.type == "flag":
        return FLAGS[_one_of(text, FLAGS)]
    return _number(parameter, text)


def _one_of(text: str, choices: Any) -> str:
    if text not in choices:
        raise ValueError(_l("“%(value)s” is not one of: %(choices)s.", value=text, choices=", ".join(choices)))
    return text


def _number(parameter: Parameter, text: str) -> Decimal | int:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError(_l("A number is expected.")) from None
    if not number.is_finite() or (parameter.type == "integer" and number % 1):
        raise ValueError(_l("A whole number is expected."))
    if parameter.type == "money" and number != round(number, 2):
        raise ValueError(_l("At most %(places)s decimals.", places=2))
    if parameter.minimum is not None and number < parameter.minimum:
        raise ValueError(_l("Not below %(limit)s.", limit=parameter.minimum))
    if parameter.maximum is not None and number > parameter.maximum:
        raise ValueError(_l("Not above %(limit)s.", limit=parameter.maximum))
    return int(number) if parameter.type == "integer" else number
