"""Every page of the documentation is drawn whole, and what somebody writes there stays text."""

from __future__ import annotations

import re

import pytest

from app.screens import markdown
from app.screens.help_texts import DOCS, page_text
from tests.portal import portal, seeded

__all__ = ["portal", "seeded"]

LINK = '<a class="text-decoration-underline" href="/help/page?name=packs">'
PAGES = sorted(file.stem for file in DOCS.glob("*.md"))


@pytest.fixture
def drawn(portal):
    with portal.test_request_context():
        yield lambda text: str(markdown.html(text))


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("one\ntwo", "<p>one two</p>"),
        ("- a\n  b\n- c", "<ul class='ps-3'><li>a b</li><li>c</li></ul>"),
        ("1. a\n2. b", "<ol class='ps-3'><li>a</li><li>b</li></ol>"),
        ("## A `b`", "<h2 class='kz-sec mt-4'>A <code>b</code></h2>"),
        ("# Title", ""),
        ("a **b** *c* `<d>`", "<p>a <b>b</b> <b>c</b> <code>&lt;d&gt;</code></p>"),
        ("[x](packs.md#y) [z](../run.py)", f"<p>{LINK}x</a> z</p>"),
        ("```\n# a\n\n| b\n```", "<pre class='kz-why' tabindex='0'># a\n\n| b</pre>"),
        ("<script>", "<p>&lt;script&gt;</p>"),
    ],
)
def test_what_is_written_is_drawn(drawn, written, shown):
    assert drawn(written) == shown


def test_a_table_has_its_head_and_its_rows(drawn):
    table = drawn("| A | B |\n|---|---|\n| a\\|b | [c](x) |")
    assert re.findall(r"<th scope='col'>(.*?)</th>", table) == ["A", "B"]
    assert re.findall(r"<td class='wrap'>(.*?)</td>", table) == ["a|b", "c"]


@pytest.mark.parametrize("name", PAGES)
def test_no_page_keeps_its_marks(drawn, name):
    shown = re.sub(r"<(code|pre)\b.*?</\1>", "", drawn(page_text(name)), flags=re.DOTALL)
    assert not re.search(r"^#|\*\*|\]\(|^\||```", shown, flags=re.MULTILINE)
