"""How values look on screens and what programs get instead."""

from __future__ import annotations

import pytest

from app.core import kinds, values, words
from app.core.fieldspec import FieldSpec
from app.core.lifecycle import Lifecycle, Words

POST = FieldSpec(kinds.PostKind(), "Post", name="deciding_post")


@pytest.fixture
def named(monkeypatch):
    monkeypatch.setattr(words, "_post_labels", {"X01.chief": Words("主管", "Chief")})


@pytest.fixture
def life():
    return Lifecycle(policy="X01", start="draft", states={}, moves={})


@pytest.mark.parametrize("code", ["X01.chief", "chief"])
def test_a_post_beside_a_case_is_said_in_words(named, life, code):
    assert values.text(POST, code, {}, life) == "主管"


def test_an_unknown_post_stays_its_code(named, life):
    assert values.text(POST, "nobody", {}, life) == "X01.nobody"
    assert values.text(POST, "chief", {}) == "chief"


def test_programs_get_the_code():
    assert POST.kind.plain("chief") == "chief"
