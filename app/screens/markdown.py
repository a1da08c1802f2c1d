"""The pages of the documentation as HTML: headings, paragraphs, lists, tables, code; nothing else is written there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import groupby

from flask import url_for
from markupsafe import Markup, escape

ITEM, RULE, HEADING = re.compile(r"\s*(?:[-*]|\d+\.) +"), re.compile(r"[|:\-\s]+"), re.compile(r"(#+) +(.*)")
INLINE = re.compile(r"`([^`]+)`|\*\*(.+?)\*\*|\*([^*\s][^*]*)\*|\[([^\]]+)\]\(([^)\s]+)\)")
PAGE = re.compile(r"([\w-]+)\.md(?:#.*)?")


def html(text: str) -> Markup:
    """A page; its first heading is left to the head of the screen."""
    return Markup("\n").join(_blocks(text.splitlines()))


def _blocks(lines: list[str]) -> Iterator[Markup]:
    fenced = False
    marked: list[tuple[str, str]] = []
    for line in lines:
        fence = line.lstrip().startswith("```")
        fenced = fenced != fence
        kind = "" if fence else "code" if fenced else _kind(line, marked[-1][0] if marked else "")
        marked.append((kind, line))
    for kind, group in groupby(marked, key=lambda one: one[0]):
        if kind:
            yield DRAW[kind]([line for _kind, line in group])


def _kind(line: str, before: str) -> str:
    if not line.strip():
        return ""
    if line.startswith("|"):
        return "table"
    if HEADING.match(line):
        return "heading"
    if ITEM.match(line):
        return "list"
    return "list" if before == "list" and line.startswith(" ") else "text"


def _heading(lines: list[str]) -> Markup:
    found = [HEADING.match(line) for line in lines]
    heads = [(len(one[1]), one[2]) for one in found if one and len(one[1]) > 1]
    return Markup("").join(
        Markup("<h{0} class='kz-sec mt-4'>{1}</h{0}>").format(min(level, 3), _inline(text)) for level, text in heads
    )


def _text(lines: list[str]) -> Markup:
    return Markup("<p>{}</p>").format(_inline(" ".join(line.strip() for line in lines)))


def _code(lines: list[str]) -> Markup:
    return Markup("<pre class='kz-why' tabindex='0'>{}</pre>").format("\n".join(lines))


def _list(lines: list[str]) -> Markup:
    items: list[str] = []
    for line in lines:
        if ITEM.match(line):
            items.append(ITEM.sub("", line, count=1))
        else:
            items[-1] += f" {line.strip()}"
    drawn = Markup("").join(Markup("<li>{}</li>").format(_inline(item)) for item in items)
    tag = "ol" if lines[0].lstrip()[0].isdigit() else "ul"
    return Markup("<{0} class='ps-3'>{1}</{0}>").format(tag, drawn)


def _table(lines: list[str]) -> Markup:
    rows = [_cells(line) for line in lines if not RULE.fullmatch(line)]
    head = Markup("").join(Markup("<th scope='col'>{}</th>").format(cell) for cell in rows[0])
    body = Markup("").join(
        Markup("<tr>{}</tr>").format(Markup("").join(Markup("<td class='wrap'>{}</td>").format(cell) for cell in row))
        for row in rows[1:]
    )
    return Markup(
        "<div class='kz-scroll mb-3'><table class='table kz-table'><thead><tr>{}</tr></thead>"
        "<tbody>{}</tbody></table></div>"
    ).format(head, body)


def _cells(line: str) -> list[Markup]:
    return [_inline(cell.strip().replace("\\|", "|")) for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]


def _inline(text: str) -> Markup:
    """Code, stress and links; a link to another page stays within the portal, one to a file is its words."""
    drawn, end = Markup(""), 0
    for found in INLINE.finditer(text):
        drawn += escape(text[end:found.start()]) + _marked(found)
        end = found.end()
    return drawn + escape(text[end:])


def _marked(found: re.Match[str]) -> Markup:
    code, strong, stressed, words, target = found.groups()
    if code:
        return Markup("<code>{}</code>").format(code)
    if strong or stressed:
        return Markup("<b>{}</b>").format(_inline(strong or stressed))
    if page := PAGE.fullmatch(target):
        link = Markup('<a class="text-decoration-underline" href="{}">{}</a>')
        return link.format(url_for("HelpView.page", name=page[1]), _inline(words))
    return _inline(words)


DRAW: dict[str, Callable[[list[str]], Markup]] = {
    "heading": _heading, "text": _text, "code": _code, "list": _list, "table": _table,
}
