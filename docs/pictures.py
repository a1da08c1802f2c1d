"""Take the pictures of the READMEs from a demo of its own: ``python docs/pictures.py`` with the test tools."""

from __future__ import annotations

import datetime as dt
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from app import create_app, demo  # noqa: E402 -- run as a script, the program is found only now
from app.bootstrap import steps, testing  # noqa: E402
from app.core import clock  # noqa: E402
from app.core.db import Model, db, session  # noqa: E402
from tests.browser import OPTIONS, served  # noqa: E402

PASSWORD = "Plain-words-7"  # noqa: S105 -- of a demo that lives for a minute
NOW = dt.datetime(2025, 10, 15, 10, 30)  # noqa: DTZ001 -- local time
FOLDER = ROOT / "docs" / "pictures"
LARGEST = 250_000
CUSTOMER, ADMINISTRATOR = "GX0102", "kongdeming"
HEADS = {
    "zh": "客户编号,姓名或名称,类别,国家,城市,联系人,联系人电话,业务区",
    "en": "Customer number,Name,Kind,Country,City,Contact,Contact telephone,Region of sales",
}
TABLE = (
    "GX0201,常州瑞和机电有限公司,往来单位,CN,常州,彭启明,13812340201,华东",
    "GX0202,无锡锦程五金经营部,往来单位,CN,无锡,沈静,13812340202,华东",
    "GX0203,,往来单位,CN,苏州,顾晓,13812340203,华东",
    "GX0102,东江建材商行,往来单位,CN,江阴,,,华东",
    "GX0205,南通海川建材商行,批发商,CN,南通,季平,13812340205,华东",
    "GX0206,镇江正源供应站,往来单位,CN,镇江,马骏,1.38E+10,华东",
)


@contextmanager
def demo_portal() -> Iterator[str]:
    """A demo in a folder of its own, served while it is photographed."""
    with tempfile.TemporaryDirectory() as folder, clock.freeze(NOW):
        app = create_app(
            TESTING=True, SQLALCHEMY_DATABASE_URI=f"sqlite:///{folder}/kezhi.db", KEZHI_INSTANCE=Path(folder),
            KEZHI_FILES=Path(folder) / "files", PERMANENT_SESSION_LIFETIME=dt.timedelta(days=4000),
        )
        with app.app_context():
            _fill()
        with served(app) as address:
            yield address
        _close(app)


def _fill() -> None:
    Model.metadata.create_all(db.engine)
    for step in steps.STEPS:
        steps.call(step.path)
    demo.seed(PASSWORD)
    session.commit()
    session.remove()


def _close(app: Flask) -> None:
    with app.app_context():
        session.remove()
        db.engine.dispose()


def enter(browser: Browser, address: str, account: str, width: int = 1280, height: int = 800) -> Page:
    """A page on which somebody has signed in."""
    context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN", reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{address}/login/")
    page.fill("[name=username]", account)
    page.fill("[name=password]", PASSWORD)
    page.click(".kz-login form .btn-primary")
    page.wait_for_url(f"{address}/")
    return page


def keep(page: Page, name: str) -> None:
    """Write what the window shows."""
    page.wait_for_load_state("networkidle")
    file = FOLDER / f"{name}.png"
    page.screenshot(path=file, animations="disabled")
    if file.stat().st_size > LARGEST:
        raise SystemExit(f"{file} has {file.stat().st_size:,} bytes")


def take(browser: Browser, address: str) -> None:
    """Every picture."""
    _complaints(browser, address)
    for language in ("zh", "en"):
        _customer(browser, address, language)
        _table(browser, address, language)
        _board(browser, address, language)
        _roles(browser, address, language)


def _complaints(browser: Browser, address: str) -> None:
    """Complaints: the workbench, a case with the reason of a limit, the same on a phone, the inbox."""
    page = enter(browser, address, "hepeishan", 1440, 900)
    keep(page, "workbench")
    page.goto(f"{address}/complaint/?status=pending_decision")
    page.locator("table.list a.id").last.click()
    page.wait_for_load_state()
    keep(page, "case")
    page.locator(".kz-clockcard", has_text="结案期限").locator("[data-drawer]").click()
    keep(page, "why")
    phone = enter(browser, address, "hepeishan", 390, 844)
    phone.goto(page.url)
    keep(phone, "phone")
    for decider in ("liangweidong", "zhouqiming", "songzhiwei"):
        page = enter(browser, address, decider)
        page.goto(f"{address}/approvals/")
        timed = page.locator(".kz-inbox .kz-item", has=page.locator(".kz-clock"))
        if timed.count():
            timed.first.click()
            keep(page, "approvals")


def _named(name: str, language: str) -> str:
    return name if language == "zh" else f"{name}-{language}"


def _in(browser: Browser, address: str, username: str, language: str) -> Page:
    """Somebody's window in a language."""
    page = enter(browser, address, username, 1440, 900)
    page.goto(f"{address}/lang/{language}")
    page.locator(f"html[lang^={language}]").wait_for(state="attached")
    return page


def _board(browser: Browser, address: str, language: str) -> None:
    """What is owed, and by whom."""
    page = _in(browser, address, "gxpengjie", language)
    page.goto(f"{address}/dashboard/?board=credit&from=2024-11")
    page.locator("[data-chart] canvas").nth(3).wait_for()
    keep(page, _named("dashboard", language))


def _roles(browser: Browser, address: str, language: str) -> None:
    """Every role and what it may do."""
    page = _in(browser, address, ADMINISTRATOR, language)
    page.goto(f"{address}/roles/matrix")
    page.locator("table").first.wait_for()
    keep(page, _named("roles", language))


def _customer(browser: Browser, address: str, language: str) -> None:
    """A customer in one view, its credit above all."""
    page = _in(browser, address, "gxtaoyong", language)
    page.goto(f"{address}/customer/?q={CUSTOMER}")
    page.locator("table.list a.id").first.click()
    page.wait_for_load_state()
    keep(page, _named("customer", language))


def _table(browser: Browser, address: str, language: str) -> None:
    """What will become of the rows of a table, before anything is saved."""
    page = _in(browser, address, "gxtaoyong", language)
    page.goto(f"{address}/imports/customer")
    page.check("input[name=mode][value=both]")
    text = "".join(f"{line}\r\n" for line in (HEADS[language], *TABLE)).encode("utf-8-sig")
    page.set_input_files("#file", {"name": f"GX-2025-10-{language}.csv", "mimeType": "text/csv", "buffer": text})
    page.click(".kz-page form .btn-primary")
    page.wait_for_url("**/imports/run/*")
    page.locator(".kz-told").first.wait_for()
    keep(page, _named("import", language))


def main() -> None:
    """Start a demo, photograph it, stop it."""
    FOLDER.mkdir(exist_ok=True)
    with demo_portal() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=testing.browser(), args=list(OPTIONS))
        take(browser, address)
        browser.close()


if __name__ == "__main__":
    main()
