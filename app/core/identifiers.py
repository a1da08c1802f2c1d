"""Numbers that name companies, persons and telephones in China: written in one way, and what is wrong with them."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

from flask_babel import gettext as _
from stdnum.cn import ric, uscc

CREDIT_CODE_LENGTH, OLD_LICENCE_LENGTH = 18, 15
IDENTITY_LENGTH, OLD_IDENTITY_LENGTH = 18, 15
CREDIT_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
FOREIGNER = "9"
PROVINCES = frozenset(
    str(number) for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83))
    for number in range(first, last + 1)
)  # fmt: skip
OLDEST = 1880
_SCIENTIFIC = re.compile(r"^\d(?:\.\d+)?E\+?\d+$|^\d+\.0$")
_MOBILE = re.compile(r"^1[3-9]\d{9}$")
_SERVICE = re.compile(r"^(?:[48]00\d{7}|(?:95|96|10|12)\d{3,6})$")
_LANDLINE = re.compile(r"^(010|02\d|0[3-9]\d{2})[- ]?([2-8]\d{6,7})(?:(?:-|#|x|ext\.?|转)(\d{1,6}))?$", re.IGNORECASE)
_ABROAD = re.compile(r"^\+(?!86)\d{6,15}$")
_HOME = re.compile(r"^(?:\+86|0086)")
_FILLING = re.compile(r"[\s().（）·]")


def _narrow(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def plain_code(text: str) -> str:
    """A credit code or identity number in capitals, without spaces and hyphens."""
    return re.sub(r"[\s-]", "", _narrow(text)).upper()


def plain_phone(text: str) -> str:
    """A telephone number in one way of writing: 13812345678, 0512-62345678-801, +85291234567; else as it was typed."""
    narrow = _narrow(text)
    whole = _FILLING.sub("", narrow.removesuffix(".0"))
    bare = _HOME.sub("", whole).lstrip("-")
    digits = bare.replace("-", "")
    if _MOBILE.match(digits) or _SERVICE.match(digits) or _ABROAD.match(digits):
        return digits
    if landline := _LANDLINE.match(bare if bare == whole or bare[:1] == "0" else f"0{bare}"):
        return "-".join(part for part in landline.groups() if part)
    return narrow


def is_phone(text: str) -> bool:
    """Whether a text, written in one way, is a mobile, landline, service or foreign number."""
    return any(known.match(text) for known in (_MOBILE, _SERVICE, _LANDLINE, _ABROAD))


def phone_fault(text: str) -> str | None:
    """What is wrong with a telephone number, as a sentence."""
    if is_phone(plain_phone(text)):
        return None
    digits = re.sub(r"\D", "", text)
    if _is_rounded(text):
        return _rounded()
    if digits.startswith("1") and not text.strip().startswith("+"):
        return _("A mobile number has 11 digits and begins with 13 to 19; this one has %(n)s digits.", n=len(digits))
    if 7 <= len(digits) <= 8:
        return _("Write the area code before a landline number, such as 0512-62345678.")
    return _("Write a mobile number (13812345678), a landline (0512-62345678-801) or a foreign number (+85291234567).")


def credit_code_fault(text: str) -> str | None:
    """What is wrong with a unified social credit code by GB 32100-2015, as a sentence."""
    code = plain_code(text)
    if _is_rounded(text):
        return _rounded()
    if len(code) == OLD_LICENCE_LENGTH:
        return _("These are 15 characters, an old registration number; the unified credit code has 18.")
    if len(code) != CREDIT_CODE_LENGTH:
        return _("A unified credit code has 18 characters; these are %(n)s.", n=len(code))
    if wrong := sorted(set(code) - set(CREDIT_LETTERS)):
        return _("A unified credit code has digits and capitals but I, O, S, V, Z; not “%(wrong)s”.", wrong=wrong[0])
    if not code[2:8].isdigit():
        return _("Characters 3 to 8 of a unified credit code are the digits of a region.")
    if uscc.calc_check_digit(code[:-1]) != code[-1]:
        rounded = code.isdigit() and code.endswith("000")
        return _rounded() if rounded else _("The check digit of the unified credit code does not fit.")
    return None


def identity_fault(text: str, today: dt.date) -> str | None:
    """What is wrong with a resident's identity number by GB 11643, as a sentence.

    Residence permits of Hong Kong, Macao and Taiwan (81, 82, 83) and of foreigners (9…) have the same form.
    """
    number = plain_code(text)
    if _is_rounded(text):
        return _rounded()
    if len(number) == OLD_IDENTITY_LENGTH and number.isdigit():
        return _("Identity numbers of 15 digits are no longer valid; the card now shows 18.")
    if len(number) != IDENTITY_LENGTH:
        return _("An identity number has 18 characters; these are %(n)s.", n=len(number))
    if not number[:-1].isdigit() or number[-1] not in "0123456789X":
        return _("An identity number has 17 digits and then a digit or X.")
    return _checked(number, today)


def _checked(number: str, today: dt.date) -> str | None:
    if ric.calc_check_digit(number) != number[-1]:
        return _rounded() if number.endswith("000") else _("The check digit of the identity number does not fit.")
    province = number[1:3] if number[0] == FOREIGNER else number[:2]
    if province not in PROVINCES:
        return _("An identity number begins with a province; there is no “%(province)s”.", province=province)
    born = birth_date(number)
    if born is None or born.year < OLDEST:
        return _("Digits 7 to 14 of an identity number are the day of birth; “%(day)s” is none.", day=number[6:14])
    return _("The day of birth in the identity number lies in the future.") if born > today else None


def birth_date(number: str) -> dt.date | None:
    """The day of birth that an identity number tells, if it tells one."""
    try:
        return dt.date.fromisoformat(plain_code(number)[6:14])
    except ValueError:
        return None


def _is_rounded(text: str) -> bool:
    return bool(_SCIENTIFIC.match(_narrow(text).upper()))


def _rounded() -> str:
    return _(
        "Excel has rounded this number: it keeps 15 digits only. "
        "Set the column to text and type the number again from the paper."
    )
