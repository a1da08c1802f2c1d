"""The pages of the documentation as HTML, by markdown-it with the classes of the portal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from flask import url_for
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

PAGE = re.compile(r"([\w-]+)\.md(?:#.*)?")
CLASSES = {
    "heading_open": "kz-sec mt-4", "table_open": "table kz-table", "td_open": "wrap", "bullet_list_open": "ps-3",
    "ordered_list_open": "ps-3",
}  # fmt: skip
_reader = MarkdownIt("commonmark", {"html": False}).enable("table")


def html(text: str) -> Markup:
    """A page; its first heading is left to the head of the screen, links lead to pages of the portal only."""
    tokens = list(_without_title(_reader.parse(text)))
    for token in tokens:
        if token.type in CLASSES:
            token.attrSet("class", CLASSES[token.type])
        if token.type == "th_open":
            token.attrSet("scope", "col")
        _lead(token.children or ())
    drawn = str(_reader.renderer.render(tokens, _reader.options, {}))
    drawn = drawn.replace("<table", '<div class="kz-scroll mb-3"><table').replace("</table>", "</table></div>")
    drawn = drawn.replace("<pre>", '<pre class="kz-why" tabindex="0">')
    return Markup(drawn)  # noqa: S704 - markdown-it escapes what is written, HTML in it is off


def _without_title(tokens: Iterable[Token]) -> Iterator[Token]:
    inside = False
    for token in tokens:
        if token.tag == "h1":
            inside = token.type == "heading_open"
        elif not inside:
            yield token


def _lead(children: Iterable[Token]) -> None:
    """Links to other pages stay within the portal; one to a file is its words."""
    shown: list[bool] = []
    for token in children:
        if token.type == "link_open":
            page = PAGE.fullmatch(str(token.attrGet("href")))
            shown.append(page is not None)
            token.hidden = page is None
            if page is not None:
                token.attrSet("href", url_for("HelpView.page", name=page[1]))
        elif token.type == "link_close":
            token.hidden = not shown.pop()
