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
FACTS = """() => {
  const visible = (e) => e.checkVisibility({visibilityProperty: true}) && !e.closest('dialog:not([open]), .visually-hidden');
  const own = (e) => [...e.childNodes].filter(n => n.nodeType === 3).map(n => n.textContent.trim()).filter(Boolean).join(' ');
  const chrome = 'nav a span, header a, summary, h2, h3, th, label, legend, .form-label, .form-check-label, dt, button, .btn,'
    + ' .dropdown-item, .kz-views a, .nav-link, .kz-chip.add, .kz-empty div, .kz-foot > span, .kz-item b, .kz-sub, .kz-xs, .kz-state';
  const main = document.querySelector('main') ?? document.body;
  const words = [...document.querySelectorAll(chrome)].filter(visible).map(own);
  for (const name of ['title', 'placeholder', 'aria-label'])
    words.push(...[...document.querySelectorAll(`[${name}]`)].filter(visible).map(e => e.getAttribute(name)));
  const small = [...document.querySelectorAll('.btn, button, summary, .kz-tool, .kz-tabbar a, select, .nav-link, .page-link')]
    .filter(e => visible(e) && e.getBoundingClientRect().width)
    .filter(e => { const b = e.getBoundingClientRect(); return b.height < 39.5 || b.width < 30; })
    .map(e => `${e.tagName}.${e.className.baseVal ?? e.className} ${Math.round(e.getBoundingClientRect().width)}x${Math.round(e.getBoundingClientRect().height)}`);
  const clipped = [...main.querySelectorAll('.btn, .kz-state, th, h1, h2, dt, .form-label')].filter(visible)
    .filter(e => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflow !== 'visible').map(e => e.innerText);
  return {
    wide: document.documentElement.scrollWidth - innerWidth, title: document.title, lang: document.documentElement.lang,
    h1: [...document.querySelectorAll('h1')].filter(visible).length,
    primary: [...main.querySelectorAll('.btn-primary')].filter(e => visible(e) && !e.closest('dialog, .dropdown-menu')).map(e => e.innerText),
    words: [...new Set(words.filter(Boolean))], text: main.innerText, small: [...new Set(small)], clipped,
  };
}"""
RULES = "(only) => axe.run({exclude: ['.watermark']}, {resultTypes: ['violations'], ...(only ? {runOnly: only} : {})})"


@cache
def _axe() -> str:
    return (ROOT / "tests/vendor/axe/axe.min.js").read_text(encoding="utf-8")


def note(wrong: list[str]) -> None:
    """Write what is wrong beside the pictures."""
    if SHOTS is not None:
        with (Path(SHOTS) / "wrong.txt").open("a", encoding="utf-8") as file:
            file.writelines(f"{one}\n" for one in wrong)


class Looker:
    """Somebody who is signed in and opens one page after the other."""

    def __init__(self, browser: Browser, address: str, account: str) -> None:
        self.address, self.account = address, account
        context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce")
        self.page: Page = context.new_page()
        self.page.set_default_timeout(30_000)
        self.faults: list[str] = []
        self.page.on("console", lambda said: self.faults.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("request", lambda asked: self._own(asked.url))
        self.page.goto(f"{address}/login/")
        self.page.fill("[name=username]", account)
        self.page.fill("[name=password]", PASSWORD)
        self.page.click(".kz-login form .btn-primary")
        self.page.wait_for_url(f"{address}/")

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
        expected = 404 if stop.path == "/nowhere" else 200
        wrong = [] if status == expected else [f"answers {status}"]
        if expected == 404:
            self.faults.clear()
        facts: dict[str, Any] = self.page.evaluate(FACTS)
        self._shoot(stop)
        wrong += self._judge(facts) + self._rules() + self.faults
        return [f"{stop.account} {stop.path} {self.language} {self.width} {self.theme}: {one}" for one in wrong]

    def _shoot(self, stop: Stop) -> None:
        if SHOTS is None:
            return
        name = re.sub(r"\W+", "_", stop.path).strip("_") or "home"
        folder = Path(SHOTS) / f"{self.language}-{self.width}-{self.theme}"
        folder.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=folder / f"{name}--{self.account}.png", full_page=True)

    def _rules(self) -> list[str]:
        self.page.evaluate(_axe())
        only = ["color-contrast"] if self.theme == "dark" else None
        found = self.page.evaluate(RULES, only)["violations"]
        return [
            f"axe {rule['id']} {node['target']} {node['failureSummary']}"
            for rule in found if rule["impact"] in ("serious", "critical") for node in rule["nodes"][:2]
        ]

    def _judge(self, facts: dict[str, Any]) -> list[str]:
        wrong = []
        if facts["wide"] > 0:
            wrong.append(f"{facts['wide']} px too wide")
        if facts["h1"] != 1:
            wrong.append(f"h1: {facts['h1']}")
        if len(facts["title"].split(" · ")[0]) < 2:
            wrong.append(f"title {facts['title']}")
        if len(facts["primary"]) > 1:
            wrong.append(f"primary: {facts['primary']}")
        wrong += [f"foreign word {one!r}" for one in facts["words"] if _foreign(one, self.language)]
        wrong += [f"raw {one!r}" for one in RAW.findall(facts["text"])]
        if self.language == "zh":
            wrong += [f"narrow sign {one!r}" for one in facts["words"] if NARROW.search(one)]
        if self.width < 500:
            wrong += [f"small {one}" for one in facts["small"]]
        return wrong + [f"clipped {one}" for one in facts["clipped"]]


HAN = re.compile(r"[一-鿿]")
LATIN = re.compile(r"[A-Za-z][a-z]{2,}")
NARROW = re.compile(r"[一-鿿][,;:?!(]|[,;?!)][一-鿿]")
RAW = re.compile(r"\b[a-z]+_[a-z_]+\b|\bNone\b|\bundefined\b|\bnull\b|\{\{|%\(|\[object|\bNaN\b")


def _foreign(text: str, language: str) -> bool:
    if language == "zh":
        return bool(LATIN.search(text)) and not HAN.search(text)
    return bool(HAN.search(text))
