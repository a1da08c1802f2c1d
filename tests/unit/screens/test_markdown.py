"""Every page of the documentation is drawn whole, and what somebody writes there stays text."""

from __future__ import annotations

import re

import pytest

from app.screens import markdown
from app.screens.help_texts import DOCS, page_text
from tests.portal import portal

__all__ = ["portal"]

LINK = '<a class="text-decoration-underline" href="/help/page?name=packs">'
PAGES = sorted(file.stem for file in DOCS.glob("*.md"))


@pytest.fixture
def drawn(portal):
    with portal.test_request_context():
        yield lambda text: str(markdown.html(text))


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("## A `b`", '<h2 class="kz-sec mt-4">A <code>b</code></h2>'),
        ("# Title", ""),
        ("a **b** `<d>`", "<p>a <strong>b</strong> <code>&lt;d&gt;</code></p>"),
        ("[x](packs.md#y) [z](../run.py)", '<p><a href="/help/page?name=packs">x</a> z</p>'),
        ("[x](javascript:alert(1)) [y](https://example.com)", "<p>[x](javascript:alert(1)) y</p>"),
        ("```\n# a\n\n| b\n```", '<pre class="kz-why" tabindex="0"><code># a\n\n| b\n</code></pre>'),
        ("<script>", "<p>&lt;script&gt;</p>"),
    ],
)
def test_what_is_written_is_drawn_in_the_portals_classes(drawn, written, shown):
    assert drawn(written).strip() == shown


def test_a_table_has_its_head_and_its_rows(drawn):
    table = drawn("| A | B |\n|---|---|\n| a\\|b | [c](x) |")
    assert re.findall(r'<th scope="col">(.*?)</th>', table) == ["A", "B"]
    assert re.findall(r'<td class="wrap">(.*?)</td>', table) == ["a|b", "c"]


@pytest.mark.parametrize("name", PAGES)
def test_no_page_keeps_its_marks(drawn, name):
    shown = re.sub(r"<(code|pre)\b.*?</\1>", "", drawn(page_text(name)), flags=re.DOTALL)
    assert not re.search(r"^#|\*\*|\]\(|^\||```", shown, flags=re.MULTILINE)
