"""Numbers of a sheet as people see them there: days, instants, percentages, and what has lost its digits."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation

EXACT = 15
BEGINNING, BEGINNING_1904 = dt.datetime(1899, 12, 30), dt.datetime(1904, 1, 1)  # noqa: DTZ001 -- a sheet has no zone
DAYS = {14, 15, 16, 17, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58}
INSTANTS = {22, 18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47, 55, 56}
PERCENTS = {9, 10}
DAY, INSTANT, PERCENT = "day", "instant", "percent"
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')


def built_in(number: int) -> str:
    """What a style that every workbook knows says of a number."""
    return DAY if number in DAYS else INSTANT if number in INSTANTS else PERCENT if number in PERCENTS else ""


def meaning(code: str) -> str:
    """What a format of the workbook's own says of a number."""
    plain = _LITERAL.sub("", code.split(";")[0]).lower()
    if "%" in plain:
        return PERCENT
    if "h" in plain or "s" in plain:
        return INSTANT
    return DAY if "y" in plain or "d" in plain or "m" in plain else ""


def column(place: str) -> int:
    """The number of a column by the letters of a cell's place, from nought."""
    number = 0
    for letter in place:
        if not "A" <= letter <= "Z":
            break
        number = number * 26 + ord(letter) - 64
    return number - 1


def number(text: str, meant: str, epoch: dt.datetime) -> str:
    """A number as it is shown."""
    if text.isdigit() and len(text) <= EXACT and not meant:
        return text
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        return text
    if meant in (DAY, INSTANT):
        return _instant(value, epoch) or text
    if len(value.as_tuple().digits) > EXACT and abs(value) < 10**EXACT:
        value = Decimal(format(float(value), f".{EXACT}g"))
    if meant == PERCENT:
        return f"{_plain(value * 100)}%"
    return _plain(value)


def _plain(value: Decimal) -> str:
    """A number as people write it; one beyond 15 digits as Excel shows it."""
    if abs(value) >= 10**EXACT:
        return f"{value.normalize():E}" if value.normalize().adjusted() else str(value)
    found = f"{value:f}"
    return found.rstrip("0").rstrip(".") if "." in found else found


def _instant(value: Decimal, epoch: dt.datetime) -> str:
    try:
        found = epoch + dt.timedelta(seconds=round(float(value) * 86_400))
    except OverflowError:
        return ""
    if found.time() == dt.time():
        return found.date().isoformat()
    return found.isoformat(sep=" ", timespec="minutes" if not found.second else "seconds")

