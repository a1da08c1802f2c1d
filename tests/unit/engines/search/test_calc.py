"""Texts taken apart and questions put together."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from app.engines.search import calc
from app.engines.search.calc import Wanted

NAME = "苏州启衡电子有限公司"


def blind(value: str) -> str:
    return hashlib.sha256(f"secret{value}".encode()).hexdigest()


def tokens(text: str) -> set[str]:
    return set(calc.tokens_of(text))


def meets(found: set[str], question: str) -> bool:
    def has(wanted: Wanted) -> bool:
        return any(token.startswith(wanted.token) if wanted.open else token == wanted.token for token in found)

    return all(any(all(map(has, way)) for way in ways) for ways in calc.asked(question, blind))


def test_a_name_is_found_by_any_part_and_by_initials():
    found = tokens(NAME)
    for question in ("启衡", "启", "司", "衡电子", NAME, "szqh", "qh", "qhdz", "qhdzyx", "QHDZ", "苏州 电子", "启衡dz"):
        assert meets(found, question), question
    for question in ("启电", "华润", "qd", "qhzd", "苏州 华润", "zzz"):
        assert not meets(found, question), question


def test_all_readings_of_a_character_count():
    assert meets(tokens("曾国藩"), "cgf")
    assert meets(tokens("曾国藩"), "zgf")
    assert meets(tokens("重庆长安"), "cqca")
    assert meets(tokens("单于汽车"), "cyqc")


def test_numbers_and_words_are_found_from_their_beginning():
    found = tokens("C-0318 TCL电子（中国）")
    for question in ("C-0318", "c03", "0318", "318", "tcl", "TC", "dz", "ldz", "电子中国"):
        assert meets(found, question), question
    assert not meets(found, "18")


def test_telephones_are_found_whole_and_by_their_last_four_digits_and_no_digit_is_kept():
    found = set(calc.hashed("13812345678", True, blind))
    assert meets(found, "13812345678")
    assert meets(found, "5678")
    assert not meets(found, "1381")
    assert not any("5678" in token or "138" in token for token in found)
    assert not meets(set(calc.hashed("13812345678", False, blind)), "5678")


def test_a_question_without_a_word_finds_nothing():
    assert calc.asked("", blind) == []
    assert not meets(tokens(NAME), "###")


@given(st.text("苏州启衡电子有限公司华润万家曾单重", min_size=1, max_size=12), st.data())
def test_every_part_of_every_name_is_found(name, data):
    begin = data.draw(st.integers(0, len(name) - 1))
    end = data.draw(st.integers(begin + 1, len(name)))
    found = tokens(name)
    assert meets(found, name[begin:end])
    assert meets(found, "".join(calc.initials(sign)[0] for sign in name[begin:end]))


@given(st.text(max_size=200))
def test_no_text_is_too_strange(text):
    assert all(len(token) <= 40 for token in tokens(text))
    assert sum(len(way) for ways in calc.asked(text, blind) for way in ways) < 200
