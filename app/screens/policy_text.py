"""The text of a policy in chapters: a long one is edited a chapter at a time, or whole in one field on demand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from markupsafe import escape

from app.engines.policy import drafting
from app.engines.policy.models import PackVersion

WHOLE = "all"
MOST = 50_000
KEY = {0: re.compile(r"([^\s#-][^:]*):"), 2: re.compile(r"  ([^\s#-][^:]*):")}


@dataclass(frozen=True)
class Chapter:
    """Neighbouring keys with their lines; ``first`` counts from one."""

    keys: tuple[str, ...]
    first: int
    lines: tuple[str, ...]

    @property
    def key(self) -> str:
        """What the chapter is asked for by."""
        return self.keys[0]

    @property
    def label(self) -> str:
        """The keys from the first to the last."""
        return self.key if len(self.keys) == 1 else _("%(first)s to %(last)s", first=self.key, last=self.keys[-1])

    @property
    def text(self) -> str:
        """The lines as they stand in the whole."""
        return "".join(self.lines)


Block = tuple[str, list[str]]


def chapters(text: str) -> list[Chapter]:
    """The text cut between its keys, as few and as large as a page may be; together they are the whole again."""
    found: list[tuple[list[str], list[str]]] = []
    for key, lines in _blocks(text):
        if not found or _weight([*found[-1][1], *lines]) > MOST:
            found.append(([], []))
        found[-1][0].append(key)
        found[-1][1].extend(lines)
    made, line = [], 1
    for keys, lines in found:
        made.append(Chapter(tuple(keys), line, tuple(lines)))
        line += len(lines)
    return made


def _blocks(text: str) -> Iterator[Block]:
    for key, lines in _cut(text.splitlines(keepends=True), 0):
        if _weight(lines) <= MOST:
            yield key, lines
            continue
        for below, inner in _cut(lines, 2):
            yield (f"{key}.{below}" if below else key), inner


def _cut(lines: list[str], indent: int) -> Iterator[Block]:
    """Lines before the first key go with it."""
    name, held = "", list[str]()
    for line in lines:
        if (found := KEY[indent].match(line)) and name:
            yield name, held
            held = []
        name = found[1].strip("'\"") if found else name
        held.append(line)
    yield name, held


def _weight(lines: list[str]) -> int:
    return len(str(escape("".join(lines))).encode())


def chosen(whole: str, asked: str) -> Chapter | None:
    """The chapter that holds a key, else the first; ``None`` where the text is shown whole."""
    found = chapters(whole)
    if asked == WHOLE or len(found) < 2:
        return None
    return next((one for one in found if asked in one.keys), found[0])


def written(base: PackVersion, form: Mapping[str, str]) -> str:
    """The whole text that a form means: what was typed, in the place of the chapter that was shown."""
    whole, typed = drafting.as_text(base), form.get("text", "").replace("\r\n", "\n")
    here = chosen(whole, form.get("chapter") or WHOLE)
    if not typed or here is None:
        return typed or whole
    lines = whole.splitlines(keepends=True)
    before, after = lines[: here.first - 1], lines[here.first - 1 + len(here.lines) :]
    return "".join([*before, typed if typed.endswith("\n") else f"{typed}\n", *after])


def parts(base: PackVersion, asked: str) -> dict[str, Any]:
    """What a page shows of the chapters: those there are, the one that is shown, and its lines."""
    whole = drafting.as_text(base)
    found, here = chapters(whole), chosen(whole, asked)
    return {
        "chapter": here.key if here else "", "text": here.text if here else whole,
        "lines": _("Lines %(first)s to %(last)s of %(total)s", first=here.first, total=len(whole.splitlines()),
                   last=here.first + len(here.lines) - 1) if here else "",
        "chapters": [
            {"label": one.label, "url": url_for("PolicyView.text", code=base.code, version=base.version,
                                                chapter=one.key), "here": one == here}
            for one in found
        ] if len(found) > 1 else [],
    }  # fmt: skip
