"""From an empty installation to a company at work, by clicks alone: wizard, a table of twenty people, a first case."""

from __future__ import annotations

import io
import re
import time

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app import create_app
from app.bootstrap import steps
from app.bootstrap.setup import make_administrator
from app.core.db import Model, db, session
from app.engines.exchange import sheets, xlsx
from app.engines.exchange.xlsx import Sheet
from app.engines.sweeps import operations as sweeps
from tests.browser import served
from tests.system.journeys.conftest import let_go
from tests.system.journeys.desk import FITS, PASSWORD, WIDE

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TREE = """示例电子有限公司 | HQ
  总经理室
  业务部
  质量管理部
  制造部
    压合课
  研发部
  财务部
  仓储物流部
  人事部
  加盟服务部 | FRA"""
HEADS = ("工号", "姓名", "单位")
PEOPLE = (
    ("E01", "梁卫东", "总经理室"), ("E02", "周启明", "总经理室"),
    ("E03", "何佩珊", "总经理室"), ("E04", "宋志伟", "业务部"),
    ("E05", "许文静", "业务部"), ("E06", "林家豪", "业务部"),
    ("E07", "罗建国", "质量管理部"), ("E08", "邓海波", "压合课"),
    ("E09", "陶勇", "压合课"), ("E10", "郑国强", "制造部"),
    ("E11", "彭思远", "研发部"), ("E12", "方慧敏", "财务部"),
    ("E13", "江涛", "仓储物流部"), ("E14", "施敏", "仓储物流部"),
    ("E15", "葛平", "财务部"), ("E16", "钱芳", "加盟服务部"),
    ("E17", "孔亮", "加盟服务部"), ("E18", "曹阳", "加盟服务部"),
    ("E19", "严峻", "加盟服务部"), ("E20", "华英", "人事部"),
)
POSTS = {
    "A10": {
        "sales_rep": "许文静", "regional_manager": "林家豪", "sales_department": "宋志伟", "billing_clerk": "葛平",
        "logistics_specialist": "施敏", "warehouse_keeper": "江涛", "market_head": "施敏", "finance": "方慧敏",
        "company_management": "梁卫东",
    },
    "A14": {
        "regional_assistant": "钱芳", "reception_clerk": "钱芳", "affairs_clerk": "孔亮", "service_supervisor": "曹阳",
        "service_manager": "严峻", "sales_director": "严峻", "admin_director": "严峻", "gm_meeting": "严峻",
        "complained_party": "孔亮",
    },
    "B02": {
        "sales_rep": "许文静", "sales_manager": "宋志伟", "qc": "罗建国", "mfg_qa": "邓海波", "manufacturing": "陶勇",
        "manager_office": "郑国强", "rd": "彭思远", "case_control": "何佩珊", "deputy_gm": "周启明",
        "general_manager": "梁卫东", "accounting": "方慧敏", "warehouse": "江涛", "service_dept": "宋志伟",
        "dept_head": "宋志伟",
    },
}  # fmt: skip
LIMIT = 15 * 60
FIELD, PER_SIGN, CLICK, NEW_SCREEN, KNOWN_SCREEN, PASTE = 4, 1 / 3, 1.5, 20, 5, 10
"""Seconds that somebody takes who has never seen the portal: to find a field, to type a sign, to click, to read a
screen for the first time and again, to paste a column out of the staff list that he has."""


class Reckoning:
    """What the way costs a person: counted while the browser goes it, in seconds of an unhurried newcomer."""

    def __init__(self) -> None:
        self.begun = time.monotonic()
        self.fields = self.signs = self.clicks = self.pastes = self.again = 0
        self.seen: set[str] = set()

    def field(self, text: str = "") -> None:
        """A field is found, and perhaps filled by typing."""
        self.fields += 1
        self.signs += len(text)

    def screen(self, address: str) -> None:
        """A screen comes up; one that was there before is only glanced at."""
        shape = re.sub(r"\d+|/join/.*|\?.*", "", address)
        self.again += shape in self.seen
        self.seen.add(shape)

    def seconds(self) -> float:
        """The whole way, the machine's own time included."""
        waited = time.monotonic() - self.begun
        screens = NEW_SCREEN * len(self.seen) + KNOWN_SCREEN * self.again
        typed = FIELD * self.fields + PER_SIGN * self.signs + CLICK * self.clicks + PASTE * self.pastes
        return waited + typed + screens

    def __str__(self) -> str:
        minutes, seconds = divmod(round(self.seconds()), 60)
        seen = f"{len(self.seen)} screens, {self.again} looks at one again"
        return (f"{minutes} min {seconds} s reckoned: {seen}, {self.fields} fields, {self.signs} signs, "
                f"{self.clicks} clicks, {self.pastes} columns pasted")  # fmt: skip


@pytest.fixture
def empty(tmp_path, capsys) -> tuple[Flask, str]:
    """An installation that holds nothing, and the administrator's password, which is printed only once."""
    app = create_app(
        TESTING=True, SQLALCHEMY_DATABASE_URI=f"sqlite:///{tmp_path / 'portal.db'}", KEZHI_FILES=tmp_path / "files",
        KEZHI_INSTANCE=tmp_path, FAB_PASSWORD_HASH_METHOD="pbkdf2:sha256:1",
    )
    with app.app_context():
        Model.metadata.create_all(db.engine)
        for step in steps.STEPS:
            steps.call(step.path)
        session.commit()
        sweeps.sync()
        make_administrator()
    let_go(app)
    return app, capsys.readouterr().out.split()[-1]


class Somebody:
    """A person at a browser, who reads what comes, and goes on by what stands there."""

    def __init__(self, browser, address: str, language: str, width: int, cost: Reckoning) -> None:
        locale = "zh-CN" if language == "zh" else "en-GB"
        context = browser.new_context(viewport={"width": width, "height": 844}, locale=locale, reduced_motion="reduce")
        context.set_default_timeout(30_000)
        self.address, self.page, self.cost = address, context.new_page(), cost
        self.faults: list[str] = []
        self.page.on("console", lambda said: self.faults.append(said.text) if said.type == "error" else None)

    def open(self, path: str) -> None:
        """Type or click an address that was handed over."""
        self.page.goto(f"{self.address}{path}")
        self.cost.field(path)
        self.cost.screen(path)

    def sign_in(self, account: str, password: str) -> None:
        """With the password that stands at the console, which is replaced at once."""
        self.open("/")
        self.fill("[name=username]", account)
        self.fill("[name=password]", password)
        self.click(".kz-login form .btn-primary")
        self.fill("[name=old]", password)
        self.choose_password()

    def choose_password(self) -> None:
        """One's own, twice."""
        self.fill("[name=password]", PASSWORD)
        self.fill("[name=again]", PASSWORD)
        self.click("main form .btn-primary")

    def fill(self, target: str, text: str) -> None:
        """Type into a field."""
        self.page.locator(target).fill(text)
        self.cost.field(text)

    def choose(self, target: str, **which: str) -> None:
        """Choose in a list."""
        self.page.locator(target).select_option(**which)
        self.cost.field()

    def click(self, target) -> None:
        """Click, and look over the page that comes."""
        with self.page.expect_navigation(wait_until="load"):
            (self.page.locator(target) if isinstance(target, str) else target).locator("visible=true").first.click()
        self.cost.clicks += 1
        self.cost.screen(self.page.url.removeprefix(self.address))
        assert self.page.evaluate(FITS), f"{self.page.url} is wider than the screen"
        assert self.faults == [], (self.page.url, self.faults)

    def step(self, key: str) -> None:
        """A step of the wizard by the button at the foot."""
        self.click(".kz-savebar .ms-auto")
        assert self.page.url.endswith(f"/first-steps/{key}")

    def sees(self, text: str) -> None:
        """A text stands on the page."""
        expect(self.page.locator("main").get_by_text(text).locator("visible=true").first).to_be_visible()


def filled_in(template: bytes) -> bytes:
    """The template that the wizard offers, with number, name and unit of everybody."""
    keys, heads, *_rest = [cells for _number, cells in sheets.rows(io.BytesIO(template))]
    named = [head.strip(" *") for head in heads]
    rows = [[dict(zip(HEADS, person, strict=True)).get(head, "") for head in named] for person in PEOPLE]
    return b"".join(xlsx.stream([Sheet("人员登记", keys, [heads, *rows])]))


def made_units(admin: Somebody) -> None:
    admin.fill("#tree", TREE)
    admin.click("button[value=look]")
    admin.click("button[value=save]")
    admin.sees("压合课")


def taken_in(admin: Somebody) -> dict[str, str]:
    """Take the template, upload it, confirm it, open the accounts; the links by user name."""
    page: Page = admin.page
    with page.expect_download() as template:
        page.locator('a[href*="/template"]').locator("visible=true").first.click()
    book = filled_in(template.value.path().read_bytes())
    admin.cost.pastes += len(HEADS)
    admin.cost.clicks += 3
    page.locator("#file").set_input_files({"name": "人员.xlsx", "mimeType": xlsx.MIME, "buffer": book})
    admin.click("main form button.btn-primary")
    assert "/imports/run/" in page.url
    admin.click('button[formaction$="/commit"]')
    admin.click('main a[href$="/first-steps/people"]')
    admin.click('button[formaction$="/accounts"]')
    lines = (page.locator("#kz-links").text_content() or "").strip().splitlines()
    admin.click('main a[href$="/first-steps/people"]')
    assert not page.locator('button[formaction$="/accounts"]').count()
    return {line.split("\t")[3]: re.sub(r"^https?://[^/]+", "", line.split("\t")[4]) for line in lines}


def adopted(admin: Somebody, unit: str, *codes: str) -> None:
    option = admin.page.locator("#unit_id option", has_text=unit)
    admin.choose("#unit_id", value=option.get_attribute("value") or "")
    for code in codes:
        admin.page.locator(f"#p-{code}").check()
        admin.cost.clicks += 1
    admin.click("main form .card-body.border-top button")


def given(admin: Somebody) -> None:
    """Every post by its name, chosen among the people, for as many policies at a time as stand open."""
    units, waiting = {name: unit for _number, name, unit in PEOPLE}, dict(POSTS)
    while shown := [code for code in waiting if admin.page.locator(f'#p-{code} [name^="who:"]').count()]:
        for policy in shown:
            for post, who in waiting.pop(policy).items():
                field = f'[name="who:{policy}.{post}"]'
                if admin.page.locator(field).locator("visible=true").count():  # others are folded: needed later only
                    admin.choose(field, label=f"{who} · {units[who]}")
        admin.click("main form > div > button")
    assert waiting == {}


@pytest.mark.parametrize(("language", "width"), [("zh", WIDE), ("zh", 390)])
def test_an_empty_installation_takes_its_first_case(empty, chromium, language, width, capsys):
    app, password = empty
    cost = Reckoning()
    with served(app) as address:
        admin = Somebody(chromium, address, language, width, cost)
        admin.sign_in("admin", password)
        admin.sees("初始设置：1 / 7")
        admin.click('main a[href$="/first-steps/"]')
        made_units(admin)
        admin.step("people")
        links = taken_in(admin)
        assert sorted(links) == sorted(row[0] for row in PEOPLE), "without a user name, the staff number"
        admin.step("policies")
        adopted(admin, "示例电子有限公司", "B02", "A10")
        adopted(admin, "加盟服务部", "A14")
        admin.step("posts")
        given(admin)
        admin.step("calendar")
        admin.click("main form button")
        assert admin.page.url.endswith("/first-steps/sweeps")
        admin.step("check")
        admin.sees("第一件案件可以办理")
        admin.click("main form button.btn-primary")
        assert not admin.page.get_by_text("初始设置：").count()
        first_case(chromium, address, links, language, width, cost)
    with capsys.disabled():
        print(f"\nfrom empty to a first case, {language} {width} px: {cost}")
    assert cost.seconds() < LIMIT


def first_case(chromium, address: str, links: dict[str, str], language: str, width: int, cost: Reckoning) -> None:
    """The franchise assistant writes down a complaint; her supervisor finds it."""
    clerk = Somebody(chromium, address, language, width, cost)
    clerk.open(links["E16"])
    clerk.choose_password()
    clerk.click('main a[href*="/complaint/add"]')
    form = "form[data-form] "
    for name, value in {"title": "大衣起球", "complainant": "钱女士", "complainant_phone": "13700000101"}.items():
        clerk.fill(f'{form}[name="{name}"]', value)
    for name, value in {"channel": "phone", "complainant_type": "consumer", "cause": "product"}.items():
        field = clerk.page.locator(f'{form}[name="{name}"]')
        if field.first.evaluate("f => f.tagName") == "SELECT":
            clerk.choose(f'{form}[name="{name}"]', value=value)
        else:
            clerk.page.locator(f'{form}[name="{name}"][value="{value}"]').check()
            clerk.cost.field()
    clerk.click(".kz-savebar .btn-primary")
    case = clerk.page.url.removeprefix(address)
    assert re.search(r"/complaint/show/\d+$|/complaint/\d+$", case), case
    supervisor = Somebody(chromium, address, language, width, cost)
    supervisor.open(links["E18"])
    supervisor.choose_password()
    if width < 992:
        supervisor.page.locator("[data-menu-open]").click()
        supervisor.cost.clicks += 1
    supervisor.click('a[data-entry][href$="/complaint/"]')
    supervisor.click(supervisor.page.locator('main a[href*="/complaint/"]', has_text="TS-"))
    supervisor.sees("大衣起球")
