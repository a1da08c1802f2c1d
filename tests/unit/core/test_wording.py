from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from flask_babel import Babel, force_locale
from flask_babel import lazy_gettext as _l

from app.core.lifecycle import Words
from app.core.wording import N_, counted, keep, listed, phrases, worded
from config import ROOT

PAIR = {"zh": "%(case)s 已逾期", "en": "%(case)s is late"}


def spoken(language: str, text, params) -> str:
    with force_locale(language):
        return worded(text, params)


def test_a_pair_is_worded_in_the_readers_language(app):
    kept = keep(Words(**PAIR), {"case": "251001"})
    assert kept == (PAIR, {"case": "251001"})
    assert spoken("zh", *kept) == "251001 已逾期"
    assert spoken("en", *kept) == "251001 is late"


def test_a_key_is_worded_when_it_is_read(app):
    text, params = keep(N_("%(move)s: done"), {"move": Words("提交", "Submit")})
    assert text == "%(move)s: done"
    assert spoken("en", text, params) == "Submit: done"
    assert spoken("zh", text, params).startswith("提交")


def test_values_become_plain(app):
    at = dt.datetime(2025, 10, 31, 15, 59, tzinfo=dt.UTC)
    given = {"at": at, "day": dt.date(2025, 10, 31), "sum": Decimal("12.50"), "lazy": _l("Case"), "n": 3, "none": None}
    _text, kept = keep("x", given)
    assert kept["at"] == "2025-10-31 23:59"
    assert kept["day"] == "2025-10-31"
    assert kept["sum"] == "12.50"
    assert set(kept["lazy"]) == {"zh", "en"}
    assert (kept["n"], kept["none"]) == (3, None)


def test_a_percent_sign_without_values_stays(app):
    assert worded("100% =1+1", {}) == "100% =1+1"


@pytest.mark.parametrize("text", ["%(case)s of %(unit)s", PAIR | {"en": "%(wrong)s", "zh": "%(wrong)s"}])
def test_a_missing_value_is_refused_when_it_is_written(app, text):
    with pytest.raises(KeyError):
        keep(text, {"case": "251001"})


def test_a_number_may_be_worded_as_one(app):
    assert worded(*keep("%(n)02d cases", {"n": 3})) == "03 cases"


@pytest.mark.parametrize(
    ("language", "several", "broken", "one", "many"),
    [("en", "a, b", "a, b; c", "1 row", "2 rows"), ("zh", "a、b", "a、b；c", "1 行", "2 行")],
)
def test_parts_stand_apart_and_numbers_agree_as_the_language_does_it(app, language, several, broken, one, many):
    Babel(app, default_locale="zh", default_translation_directories=str(ROOT / "app" / "translations"))
    texts = N_("1 row"), N_("%(number)s rows")
    with force_locale(language):
        assert listed("ab") == several
        assert listed([Words("甲", "a")]) == {"zh": "甲", "en": "a"}[language]
        assert listed([]) == ""
        assert phrases((listed("ab"), "c")) == broken
        assert [counted(1, *texts), counted("2", *texts)] == [one, many]
