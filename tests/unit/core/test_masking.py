from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.masking import STYLES, mask


@pytest.mark.parametrize(
    ("style", "value", "shown"),
    [
        ("name", "张三丰", "张**"),
        ("name", "张三", "张*"),
        ("name", "张", "*"),
        ("phone", "13812345678", "138****5678"),
        ("phone", "86253333", "8*******"),
        ("id", "11010519491231002X", "110***********002X"),
        ("email", "zhang.san@example.com", "z***@example.com"),
        ("email", "zhang", "z****"),
        ("address", "北京市海淀区中关村大街一号", "北京市海淀区*******"),
        ("middle", "ABCD", "A**D"),
        ("middle", " ", ""),
        ("name", "=1+1", "=***"),
        ("all", "王", "******"),
        ("all", "", ""),
    ],
)
def test_masks(style, value, shown):
    assert mask(style, value) == shown


@given(st.sampled_from(sorted(STYLES - {"email", "all"})), st.text(min_size=1))
def test_at_least_a_third_stays_hidden(style, value):
    shown, plain = mask(style, value), value.strip()
    assert len(shown) == len(plain)
    assert 3 * sum(1 for a, b in zip(shown, plain, strict=True) if a == "*" or a != b) >= len(plain)


def test_a_misspelt_style_is_an_error_even_for_nothing():
    with pytest.raises(KeyError):
        mask("nmae", "")
