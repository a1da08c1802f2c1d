"""A browser that opens a page and says everything that is wrong with how it looks."""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from config import ROOT
from tests.portal import PASSWORD
from tests.system.walk import Stop

SHOTS = os.environ.get("KEZHI_SHOTS")  # a folder to which what is seen is written, to be looked at
RULES = "(only) => axe.run({exclude: ['.watermark']}, {resultTypes: ['violations'], ...(only ? {runOnly: only} : {})})"
UNKNOWN = "/nowhere"
HAN, LATIN = re.compile(r"[一-鿿]"), re.compile(r"[A-Za-z][a-z]{2,}")
SAME = {"Excel", "Kezhi"}  # called so in both languages
QUOTED = re.compile(r"“[^”]*”|^文\d+$|\w?\*\*")  # quoted, made by tests/generated.py, or masked: words of people
NARROW = re.compile(r"[一-鿿][,;:?!]|[,;?!][一-鿿]")
RAW = re.compile(r"\b[A-Z]\d\d\.[a-z]+_[a-z_]+\b|\bundefined\b|\bnull\b|%\([a-z_]+\)[sd]|\[object|\bNaN\b")


def note(wrong: list[str]) -> None:
    """Write what is wrong beside the pictures."""
    if SHOTS is not None:
        with (Path(SHOTS) / "wrong.txt").open("a", encoding="utf-8") as file:
            file.writelines(f"{one}\n" for one in wrong)


@cache
def _read(name: str) -> str:
    return (ROOT / "tests" / name).read_text(encoding="utf-8")


class Looker:
    """Somebody who is signed in and opens one page after the other."""

    def __init__(self, browser: Browser, address: str, account: str) -> None:
        self.address, self.account = address, account
        context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce")
        self.page: Page = context.new_page()
        self.page.set_default_timeout(60_000)
        self.faults: list[str] = []
        self.page.on("console", lambda said: self.faults.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("request", lambda asked: self._own(asked.url))
        if account:
            self._sign_in()

    def _sign_in(self) -> None:
        self.page.goto(f"{self.address}/login/")
        self.page.fill("[name=username]", self.account)
        self.page.fill("[name=password]", PASSWORD)
        self.page.click(".kz-login form .btn-primary")
        self.page.wait_for_url(f"{self.address}/")

    def _own(self, url: str) -> None:
        if not url.startswith((f"{self.address}/", "data:", "blob:")):
            self.faults.append(f"asks another host: {url}")

    def turn(self, language: str, width: int, theme: str) -> None:
        """Look in a language, on a width, in a theme."""
        self.language, self.width, self.theme = language, width, theme
        self.page.set_viewport_size({"width": width, "height": 900 if width > 500 else 844})
        self.page.context.add_cookies([{"name": "kz_theme", "value": theme, "url": self.address}])
        self.page.goto(f"{self.address}/lang/{language}")

    def look(self, stop: Stop) -> list[str]:
        """What is wrong with a page."""
        self.faults.clear()
        answer = self.page.goto(f"{self.address}{stop.path}")
        status = answer.status if answer else 0
        if stop.path == UNKNOWN and status == 404:
            self.faults.clear()
        elif status != 200:
            self.faults.append(f"answers {status}")
        facts: dict[str, Any] = self.page.evaluate(_read("system/looking.js"))
        self._shoot(stop)
        wrong = [*self.faults, *self._layout(facts), *self._words(facts), *self._rules()]
        return [f"{stop.account} {stop.path} {self.language} {self.width} {self.theme}: {one}" for one in wrong]

    def _shoot(self, stop: Stop) -> None:
        if SHOTS is None:
            return
        name = re.sub(r"\W+", "_", stop.path).strip("_") or "home"
        folder = Path(SHOTS) / f"{self.language}-{self.width}-{self.theme}"
        folder.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=folder / f"{name}--{self.account}.png", full_page=True)

    def _rules(self) -> list[str]:
        self.page.evaluate(_read("vendor/axe/axe.min.js"))
        found = self.page.evaluate(RULES, ["color-contrast"] if self.theme == "dark" else None)["violations"]
        return [
            f"axe {rule['id']} {node['target']} {node['failureSummary']}"
            for rule in found if rule["impact"] in ("serious", "critical") for node in rule["nodes"][:2]
        ]

    def _layout(self, facts: dict[str, Any]) -> list[str]:
        wrong = [f"cut {one}" for one in facts["cut"]]
        if facts["wide"] > 0:
            wrong.append(f"{facts['wide']} px too wide")
        if facts["heads"] != 1 or not facts["title"].partition(" · ")[0].strip():
            wrong.append(f"headings: {facts['heads']}, title: {facts['title']}")
        if len(facts["primary"]) > 1:
            wrong.append(f"primary: {facts['primary']}")
        return wrong + ([f"small {one}" for one in facts["small"]] if self.width < 500 else [])

    def _words(self, facts: dict[str, Any]) -> list[str]:
        """Words of the other language in the frame, keys in the text, narrow signs among wide ones."""
        plain = [QUOTED.sub("", one) for one in facts["words"]]
        wrong = [f"key {one!r}" for one in RAW.findall(facts["text"])]
        if self.language == "en":
            return wrong + [f"Chinese {one!r}" for one in plain if HAN.search(one)]
        wrong += ["key 'None'"] if "None" in facts["text"] else []
        wrong += [f"English {one!r}" for one in plain if LATIN.search(one) and not HAN.search(one) and one not in SAME]
        return wrong + [f"narrow {one!r}" for one in plain if NARROW.search(one)]
