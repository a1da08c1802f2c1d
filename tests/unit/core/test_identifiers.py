"""Credit codes, identity numbers and telephones: what is right, and the sentence for what is not."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from app.core.identifiers import (
    CREDIT_LETTERS,
    birth_date,
    credit_code_fault,
    identity_fault,
    is_phone,
    phone_fault,
    plain_code,
    plain_phone,
)

TODAY = dt.date(2026, 11, 28)
CARD, CODE = "11010519491231002X", "91110000802100433B"


@pytest.fixture(autouse=True, scope="module")
def _english():
    app = Flask(__name__)
    Babel(app)
    with app.test_request_context():
        yield


def checked(body: str) -> str:
    return body + ric.calc_check_digit(f"{body}0")


@pytest.mark.parametrize(
    "number",
    [CARD, CARD.lower(), "110105 19491231 002X", *map(checked, (
        "81000019900101001", "82000019900101001", "83000019900101001", "91115619900101001",
    ))],
)  # fmt: skip
def test_cards_and_residence_permits_are_taken(number):
    assert identity_fault(number, TODAY) is None


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("1.10101199003071E+17", "Excel has rounded"), ("110101199003071000", "Excel has rounded"),
        ("110105194912310029", "check digit"), ("110105491231002", "15 digits"), ("1101051949123100", "18 characters"),
        ("11010519491231A02X", "17 digits"), (checked("11010519491331002"), "“19491331” is none"),
        (checked("99010519491231002"), "“90”"), (checked("16010519491231002"), "“16”"),
        (checked("11010520991231002"), "future"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_identity_number_is_named(number, said):
    assert said in str(identity_fault(number, TODAY))


def test_a_card_that_truly_ends_in_zeros_is_no_rounded_number():
    body = next(b for n in range(100, 1000, 100) for d in range(1, 29)
                if (b := f"110105199001{d:02}{n:03}") and checked(b).endswith("000"))  # fmt: skip
    assert identity_fault(checked(body), TODAY) is None


@given(st.dates(dt.date(1900, 1, 1), TODAY), st.integers(0, 999), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_never_passes(day, number, place, shift):
    right = checked(f"320505{day:%Y%m%d}{number:03}")
    wrong = right[:place] + str((int(right[place]) + shift) % 10) + right[place + 1 :]
    assert identity_fault(right, TODAY) is None
    assert birth_date(right) == day
    assert identity_fault(wrong, TODAY) is not None


@pytest.mark.parametrize("code", [CODE, CODE.lower(), "9111 0000 8021 0043 3B", "91110000-802100433B"])
def test_credit_codes_are_taken(code):
    assert credit_code_fault(code) is None
    assert plain_code(code) == CODE


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("9.1110000802100E+17", "Excel has rounded"), ("911100008021004000", "Excel has rounded"),
        ("110000802100433", "old registration number"), ("9111000080210043", "18 characters; these are 16"),
        ("91110000802100433I", "not “I”"), ("9111000A802100433B", "region"), ("91110000802100433A", "check digit"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_credit_code_is_named(code, said):
    assert said in str(credit_code_fault(code))


@given(st.text(CREDIT_LETTERS, min_size=9, max_size=9), st.integers(0, 30))
def test_only_one_check_digit_fits(tail, place):
    body = f"91320505{tail}"
    fits = uscc.calc_check_digit(body) == CREDIT_LETTERS[place]
    assert (credit_code_fault(body + CREDIT_LETTERS[place]) is None) == fits


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("13812345678", "13812345678"), ("+86 138-1234-5678", "13812345678"), ("１３８１２３４５６７８", "13812345678"),
        ("13812345678.0", "13812345678"), ("0512-62345678", "0512-62345678"), ("051262345678", "0512-62345678"),
        ("（0512）62345678转801", "0512-62345678-801"), ("010 6234 5678", "010-62345678"),
        ("+86 512 62345678", "0512-62345678"), ("0086-512-62345678", "0512-62345678"),
        ("+852 9123 4567", "+85291234567"),
        ("400-800-1234", "4008001234"), ("95588", "95588"),
    ],
)  # fmt: skip
def test_telephones_are_kept_in_one_way_of_writing(typed, kept):
    assert plain_phone(typed) == kept
    assert plain_phone(kept) == kept
    assert is_phone(kept)
    assert phone_fault(typed) is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("1381234567", "10 digits"), ("12812345678", "13 to 19"), ("62345678", "area code"),
        ("1.3812345678E+10", "Excel has rounded"), ("abc", "Write a mobile number"), ("0999", "Write a mobile number"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_telephone_is_named(typed, said):
    assert said in str(phone_fault(typed))
