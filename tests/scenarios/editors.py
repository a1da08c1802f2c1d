"""Customers as two colleagues edit them through forms, for tests of conflicts, history and drafts."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from tests.scenarios.desk import MANAGER, REP

__all__ = ["MANAGER", "REP"]

HIDDEN = re.compile(r'<input type="hidden" name="([\w.-]+)" value="([^"]*)"[^>]*>')
FIELD = re.compile(
    r'<(?:input|textarea) class="form-control[^"]*"[^>]* name="([\w.]+)"(?: value="([^"]*)")?[^>]*>([^<]*)'
)
CHOSEN = re.compile(r'<select[^>]* name="([\w.]+)"[^>]*>.*?</select>', re.DOTALL)
PICKED = re.compile(r'<option value="([^"]*)" selected>')
TICKED = re.compile(r'<input class="form-check-input" type="radio" name="([\w.-]+)" value="([^"]*)" checked>')


def form_of(page: str) -> dict[str, Any]:
    """What a browser would send of a form as it stands."""
    form = re.sub(r"<template>.*?</template>", "", page[page.index('id="kz-form"'):], flags=re.DOTALL)
    sent: dict[str, Any] = {}
    for name, value in HIDDEN.findall(form):
        sent[name] = [*sent[name], unescape(value)] if isinstance(sent.get(name), list) else (
            [sent[name], unescape(value)] if name in sent and name == "asked" else unescape(value)
        )
    for name, value, inner in FIELD.findall(form):
        sent[name] = unescape(value or inner)
    for found in CHOSEN.finditer(form):
        picked = PICKED.search(found.group(0))
        sent[found.group(1)] = unescape(picked.group(1)) if picked else ""
    return sent | dict(TICKED.findall(form))


def opened(person: Any, path: str, status: int = 200) -> dict[str, Any]:
    """The form at an address, as a browser would send it back."""
    answer = person.client.get(path)
    assert answer.status_code == status, answer.text
    return form_of(answer.text)


def sent(person: Any, path: str, form: dict[str, Any], status: int = 302) -> str:
    """The page that answers a form."""
    answer = person.client.post(path, data=form)
    assert answer.status_code == status, (answer.status_code, unescape(answer.text))
    return unescape(answer.text)
