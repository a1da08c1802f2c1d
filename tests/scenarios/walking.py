"""Every address of the portal as one person: what it answers, and whether it says something that it must not."""

from __future__ import annotations

import io
import itertools
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

NOBODY = 999_999_999
METHODS = ("GET", "POST", "PUT", "DELETE")
LEAVES = ("/logout", "/login", "/static", "/api/v1/security", "/api/v1/sweep", "/sweeps", "/back")
SEARCHED = ("complaint", "informant_identity", "case_disposition", "urge_slip")
SPLIT = re.compile(r"<(?:[a-z]+:)?([a-z_]+)>")


class Secret:
    """The rows of what is secret by register, and the words that give it away."""

    def __init__(self, rows: Mapping[str, Sequence[int]], words: Sequence[str], files: Sequence[int] = ()) -> None:
        self.rows, self.words, self.files = rows, words, files

    def told_by(self, text: str) -> list[str]:
        """The words of it that a text holds, also as JSON writes them."""
        return [word for word in self.words if word in text or word.encode("unicode_escape").decode() in text]

    def values(self, rule: str, name: str) -> Sequence[Any]:
        """What may stand in a place of an address."""
        slug = next((slug for slug in self.rows if f"/{slug}/" in rule), "")
        known: dict[str, Sequence[Any]] = {
            "pk": self.rows.get(slug, ()), "attachment_id": self.files, "slug": list(self.rows),
            "key": ("review_notice", "report", "B05.time_limits", "B05.replies", "B05.statistics"),
            "field": ("name", "phone", "evidence"), "code": ("B05",), "version": (1,), "step_id": self.rows["approval"],
            "year": (2025,), "action": ("approve",), "kind": ("approve",), "name": ("deadlines.due",),
        }  # fmt: skip
        if "/approvals/" in rule or "/approval/" in rule:
            return self.rows["approval"] if name not in ("action", "kind") else known["action"]
        return known.get(name, (1,))


def addresses(app: Flask, secret: Secret) -> Iterator[tuple[str, str, str]]:
    """Method and path of every route, with the secret rows in it where it takes a row; then also with one that is none.
    """
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(LEAVES):
            continue
        names = SPLIT.findall(rule.rule)
        for values in itertools.product(*(secret.values(rule.rule, name) for name in names)):
            given = dict(zip(names, values, strict=True))
            names_row = "pk" in names and any(f"/{slug}/" in rule.rule for slug in secret.rows)
            absent = _filled(rule.rule, given | {"pk": NOBODY}) if names_row else ""
            for method in METHODS:
                if method in (rule.methods or ()):
                    yield method, _filled(rule.rule, given), absent


def _filled(rule: str, given: Mapping[str, Any]) -> str:
    for name, value in given.items():
        rule = re.sub(rf"<(?:[a-z]+:)?{name}>", str(value), rule, count=1)
    return rule


def queries(secret: Secret) -> Iterator[str]:
    """Searches, filtered lists and look-ups for what is secret."""
    for slug, word in itertools.product(SEARCHED, secret.words[:2]):
        yield from (f"/{slug}/?q={word}", f"/api/v1/{slug}/?q={word}", f"/lookup/{slug}?q={word}")
        yield f"/api/v1/lookup/{slug}?q={word}"
    for word in secret.words:
        yield f"/find?q={word}"
    for slug, value in itertools.product(SEARCHED, secret.rows["complaint"]):
        yield f"/api/v1/{slug}/?complaint_id={value}"
    for name, word in itertools.product(("name", "phone"), secret.words):
        yield f"/api/v1/informant_identity/?{name}={word}"
    for way in ("clock=late", "clock=today", "stage=open", "stage=mine", "stage=closed"):
        yield f"/complaint/?{way}"


def said(answer: Any) -> str:
    """What an answer holds, a workbook unpacked."""
    data = answer.get_data()
    if not data.startswith(b"PK"):
        return str(data.decode("utf-8", "replace"))
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return "\n".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())


def told(client: FlaskClient, app: Flask, secret: Secret, only: Sequence[str] = ("",)) -> dict[str, list[str]]:
    """The addresses that tell something, by reading alone; ``only`` those that begin so."""
    paths = [path for method, path, _absent in addresses(app, secret) if method == "GET"]
    found = {}
    for path in dict.fromkeys(path for path in (*paths, *queries(secret)) if path.startswith(tuple(only))):
        with client.get(path) as answer:
            words = secret.told_by(said(answer))
        if words and ("?" not in path or not set(words) <= set(secret.told_by(path))):
            found[path] = words
    return found


def touched(client: FlaskClient, app: Flask, secret: Secret) -> dict[str, int]:
    """The addresses of secret rows that answer otherwise than those of a row that is none, or tell something."""
    found: dict[str, int] = {}

    @cache
    def answered(method: str, path: str) -> tuple[int, bool]:
        with client.open(path, method=method, json={} if path.startswith("/api/") else None) as answer:
            return answer.status_code, bool(secret.told_by(said(answer)))

    for method, path, absent in addresses(app, secret):
        if absent and answered(method, path) != (answered(method, absent)[0], False):
            found[f"{method} {path}"] = answered(method, path)[0]
    return found
