"""From an empty installation to a company at work, by clicks alone: wizard, a table of twenty people, a first case."""

from __future__ import annotations

import io
import re

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
HEADS = ("工号", "姓名", "单位", "角色", "岗位", "用户名")
PEOPLE = (
    ("E01", "梁卫东", "总经理室", "", "B02.general_manager、A10.company_management", "liang"),
    ("E02", "周启明", "总经理室", "", "B02.deputy_gm", "zhou"),
    ("E03", "何佩珊", "总经理室", "", "B02.case_control", "he"),
    ("E04", "宋志伟", "业务部", "", "B02.sales_manager、A10.sales_department", "song"),
    ("E05", "许文静", "业务部", "", "B02 业务人员，A10 业务员", "xu"),
    ("E06", "林家豪", "业务部", "", "A10.regional_manager", "lin"),
    ("E07", "罗建国", "质量管理部", "", "B02.qc", "luo"),
    ("E08", "邓海波", "压合课", "", "B02.mfg_qa", "deng"),
    ("E09", "陶勇", "压合课", "", "B02.manufacturing", "tao"),
    ("E10", "郑国强", "制造部", "", "B02.manager_office", "zheng"),
    ("E11", "彭思远", "研发部", "", "B02.rd", "peng"),
    ("E12", "方慧敏", "财务部", "", "B02.accounting、A10.finance", "fang"),
    ("E13", "江涛", "仓储物流部", "", "B02.warehouse、A10.warehouse_keeper", "jiang"),
    ("E14", "施敏", "仓储物流部", "", "A10.logistics_specialist、A10.market_head", "shi"),
    ("E15", "葛平", "财务部", "", "A10.billing_clerk", "ge"),
    ("E16", "钱芳", "加盟服务部", "", "A14.regional_assistant、A14.reception_clerk", "qian"),
    ("E17", "孔亮", "加盟服务部", "", "A14.affairs_clerk、A14.complained_party", "kong"),
    ("E18", "曹阳", "加盟服务部", "客服主管（值班经理）", "", "cao"),
    ("E19", "严峻", "加盟服务部", "", "A14.service_manager、A14.sales_director、A14.admin_director", "yan"),
    ("E20", "华英", "人事部", "", "B02.hr", "hua"),
)


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
    """A person at a browser, who changes the password that he was handed."""

    def __init__(self, browser, address: str, account: str, password: str, language: str, width: int) -> None:
        locale = "zh-CN" if language == "zh" else "en-GB"
        context = browser.new_context(viewport={"width": width, "height": 844}, locale=locale, reduced_motion="reduce")
        context.set_default_timeout(10_000)
        self.address, self.page = address, context.new_page()
        self.faults: list[str] = []
        self.page.on("console", lambda said: self.faults.append(said.text) if said.type == "error" else None)
        self.page.goto(f"{address}/")
        self.page.locator("[name=username]").fill(account)
        self.page.locator("[name=password]").fill(password)
        self.click(".kz-login form .btn-primary")
        self.page.locator("[name=old]").fill(password)
        self.page.locator("[name=password]").fill(PASSWORD)
        self.page.locator("[name=again]").fill(PASSWORD)
        self.click("main form .btn-primary")

    def click(self, target) -> None:
        """Click, and look over the page that comes."""
        with self.page.expect_navigation(wait_until="load"):
            (self.page.locator(target) if isinstance(target, str) else target).locator("visible=true").first.click()
        assert self.page.evaluate(FITS), f"{self.page.url} is wider than the screen"
        assert self.faults == [], (self.page.url, self.faults)

    def step(self, key: str) -> None:
        """A step of the wizard by the button at the foot."""
        self.click(".kz-savebar .ms-auto")
        assert self.page.url.endswith(f"/first-steps/{key}")

    def sees(self, text: str) -> None:
        """A text stands on the page."""
        expect(self.page.locator("main").get_by_text(text).locator("visible=true").first).to_be_visible()


def book(rows) -> bytes:
    """A workbook as somebody fills it in."""
    return b"".join(xlsx.stream([Sheet("人员登记", list(HEADS), [list(row) for row in rows])]))


def made_units(admin: Somebody) -> None:
    admin.page.locator("#tree").fill(TREE)
    admin.click("button[value=look]")
    admin.click("button[value=save]")
    admin.sees("压合课")


def taken_in(admin: Somebody) -> dict[str, str]:
    """Upload the table, confirm it, open the accounts; the first passwords by user name."""
    page: Page = admin.page
    page.locator("#file").set_input_files(
        {"name": "人员.xlsx", "mimeType": xlsx.MIME, "buffer": book(PEOPLE)}
    )
    admin.click("main form button.btn-primary")
    assert "/imports/run/" in page.url
    admin.click('button[formaction$="/commit"]')
    admin.click('main a[href$="/first-steps/people"]')
    with page.expect_download() as sheet:
        page.locator('button[formaction$="/accounts"]').click()
    rows = [cells for _number, cells in sheets.rows(io.BytesIO(sheet.value.path().read_bytes()))]
    page.reload()
    assert not page.locator('button[formaction$="/accounts"]').count()
    return {row[3]: row[4] for row in rows[1:]}


def adopted(admin: Somebody, unit: str, *codes: str) -> None:
    option = admin.page.locator("#unit_id option", has_text=unit)
    admin.page.locator("#unit_id").select_option(value=option.get_attribute("value"))
    for code in codes:
        admin.page.locator(f"#p-{code}").check()
    admin.click("main form .card-body.border-top button")


@pytest.mark.parametrize(("language", "width"), [("zh", WIDE), ("zh", 390)])
def test_an_empty_installation_takes_its_first_case(empty, chromium, language, width):
    app, password = empty
    with served(app) as address:
        admin = Somebody(chromium, address, "admin", password, language, width)
        admin.sees("初始设置：1 / 7")
        admin.click('main a[href$="/first-steps/"]')
        made_units(admin)
        admin.step("people")
        passwords = taken_in(admin)
        assert sorted(passwords) == sorted(row[-1] for row in PEOPLE)
        admin.step("policies")
        adopted(admin, "示例电子有限公司", "B02", "A10")
        adopted(admin, "加盟服务部", "A14")
        admin.step("posts")
        proposed = admin.page.locator('[name="who:A14.service_supervisor"]')
        assert proposed.evaluate("s => s.selectedOptions[0].text").startswith("曹阳")
        choose(admin, "A14.gm_meeting", "严峻 · 加盟服务部")
        choose(admin, "B02.service_dept", "宋志伟 · 业务部")
        choose(admin, "B02.dept_head", "宋志伟 · 业务部")
        admin.click("main form > div > button")
        admin.step("calendar")
        admin.click("main form button")
        assert admin.page.url.endswith("/first-steps/sweeps")
        admin.step("check")
        admin.sees("第一件案件可以办理")
        admin.click("main form button.btn-primary")
        assert not admin.page.get_by_text("初始设置：").count()
        first_case(chromium, address, passwords, language, width)


def choose(admin: Somebody, post: str, who: str) -> None:
    field = admin.page.locator(f'[name="who:{post}"]')
    field.select_option(label=who)


def first_case(chromium, address: str, passwords: dict[str, str], language: str, width: int) -> None:
    """The franchise assistant writes down a complaint; her supervisor sees it, sales does not."""
    clerk = Somebody(chromium, address, "qian", passwords["qian"], language, width)
    clerk.page.goto(f"{address}/complaint/add")
    form = clerk.page.locator("form[data-form]")
    for name, value in {"title": "大衣起球", "complainant": "钱女士", "complainant_phone": "13700000101"}.items():
        form.locator(f'[name="{name}"]').fill(value)
    for name, value in {"channel": "phone", "complainant_type": "consumer", "cause": "product"}.items():
        field = form.locator(f'[name="{name}"]')
        if field.first.evaluate("f => f.tagName") == "SELECT":
            field.select_option(value)
        else:
            form.locator(f'[name="{name}"][value="{value}"]').check()
    clerk.click(".kz-savebar .btn-primary")
    case = clerk.page.url
    assert re.search(r"/complaint/show/\d+$|/complaint/\d+$", case), case
    supervisor = Somebody(chromium, address, "cao", passwords["cao"], language, width)
    supervisor.page.goto(case)
    supervisor.sees("大衣起球")
