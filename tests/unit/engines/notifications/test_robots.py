"""What really arrives where the robots of WeCom, DingTalk and Feishu live."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac

import pytest
import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import Role

from app.core import barring, clock
from app.core.db import session
from app.engines.notifications import channels, trying
from app.engines.notifications.models import OutboxMessage
from app.engines.notifications.operations import Message, notify_many
from app.engines.notifications.ways import MessageChannel
from app.engines.people.models import Employee, Holding, OrgUnit
from tests.small import add
from tests.unit.engines.notifications.conftest import swept

NOON = dt.datetime(2025, 10, 31, 4, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
LATE = {"zh": "“首次联系”已逾期：%(case)s", "en": "“First contact” is late: %(case)s"}
PATHS = {
    "wecom": "/cgi-bin/webhook/send?key=693a91f6-7e0b-4bc4-97a0-0ec2sifa5aaa",
    "dingtalk": "/robot/send?access_token=b64c1b4ac1b5dd1d1f7c",
    "feishu": "/open-apis/bot/v2/hook/f0bb8a4e-53f8-4c0c-b7d1",
}
SECRET = "SECdd0f1b64"


@pytest.fixture
def robot(tables, double, unit):
    def make(sort: str, secret: str = "", **values: object) -> MessageChannel:
        carried = {"unit_ids": [unit.id], "enabled": True} | values
        hook = double.hook(PATHS[sort])
        return add(MessageChannel(name=sort, sort=sort, hook=hook, secret=secret or None, **carried))

    return make


def tell(*people: Employee, event: str = "deadline.late:17", at: dt.datetime = NOON, case: str = "251031",
         about: tuple[str, int] | None = None, url: str = "/complaint/1") -> None:  # fmt: skip
    with clock.freeze(at):
        notify_many(Message(event, one.id, LATE, {"case": case}, url, "（八）8", about) for one in people)
        session.commit()


def error() -> str:
    found = session.scalar(sa.select(OutboxMessage.error).where(OutboxMessage.robot_id.is_not(None)))
    return found or ""


def signed(key: str, text: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


# -- what is posted ----------------------------------------------------------------------------------------------------


def test_wecom_gets_a_text(double, robot, employee):
    robot("wecom")
    tell(employee)
    assert swept(NOON)["sent"] == 1
    ((path, query, body),) = double.posts
    assert (path, query) == ("/cgi-bin/webhook/send", {"key": ["693a91f6-7e0b-4bc4-97a0-0ec2sifa5aaa"]})
    text = "“首次联系”已逾期：251031 · （八）8\nhttps://portal.kezhi.cn/complaint/1"
    assert body == {"msgtype": "text", "text": {"content": text}}


def test_wecom_gets_no_more_than_it_takes(double, robot, employee):
    robot("wecom")
    for n in range(40):
        tell(employee, event=f"deadline.late:{n}", case=f"案{n}" * 20)
    swept(NOON)
    ((_path, _query, body),) = double.posts
    content = body["text"]["content"]
    assert len(content.encode()) <= 2048
    assert content.count("https://portal.kezhi.cn/complaint/1") > 2
    left = 40 - content.count("https://portal.kezhi.cn/complaint/1")
    assert str(left) in content.rsplit("\n\n", 1)[1]


def test_one_very_long_sentence_still_reaches_wecom(double, robot, employee):
    robot("wecom")
    tell(employee, case="长" * 3000)
    swept(NOON)
    content = double.posts[0][2]["text"]["content"]
    assert len(content.encode()) <= 2048
    assert content.startswith("“首次联系”已逾期：长长长")


def test_dingtalk_gets_a_signed_text(double, robot, employee):
    robot("dingtalk", SECRET)
    tell(employee)
    swept(NOON)
    ((path, query, body),) = double.posts
    stamp = str(int(NOON.timestamp() * 1000))
    assert path == "/robot/send"
    assert query == {
        "access_token": ["b64c1b4ac1b5dd1d1f7c"], "timestamp": [stamp], "sign": [signed(SECRET, f"{stamp}\n{SECRET}")],
    }
    assert body["msgtype"] == "text"
    assert "251031" in body["text"]["content"]


def test_dingtalk_without_a_key_is_not_signed(double, robot, employee):
    robot("dingtalk")
    tell(employee)
    swept(NOON)
    assert set(double.posts[0][1]) == {"access_token"}


def test_feishu_gets_a_signed_post_with_links(double, robot, employee):
    robot("feishu", SECRET, language="en")
    tell(employee)
    swept(NOON)
    ((path, query, body),) = double.posts
    stamp = str(int(NOON.timestamp()))
    assert (path, query) == ("/open-apis/bot/v2/hook/f0bb8a4e-53f8-4c0c-b7d1", {})
    assert (body["timestamp"], body["sign"]) == (stamp, signed(f"{stamp}\n{SECRET}", ""))
    assert body["msg_type"] == "post"
    assert body["content"] == {"post": {"en_us": {"title": "“First contact” is late: 251031", "content": [[
        {"tag": "text", "text": "“First contact” is late: 251031 · （八）8"},
        {"tag": "a", "text": " Open", "href": "https://portal.kezhi.cn/complaint/1"},
    ]]}}}  # fmt: skip


# -- refusals ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sort", "answer", "said"),
    [
        ("wecom", {"errcode": 93000, "errmsg": "invalid webhook url"}, "93000 invalid webhook url"),
        ("dingtalk", {"errcode": 310000, "errmsg": "sign not match"}, "310000 sign not match"),
        ("feishu", {"code": 19021, "msg": "sign match fail"}, "19021 sign match fail"),
        ("feishu", b"<html>", "<html>"),
    ],
)
def test_a_refusal_with_http_200_is_a_refusal(double, robot, employee, sort, answer, said):
    robot(sort, SECRET if sort != "wecom" else "")
    double.answer = answer
    tell(employee)
    assert swept(NOON)["failed"] == 1
    assert error() == f"robot|{said}"
    double.answer = {"errcode": 0, "code": 0}
    assert swept(NOON + MINUTE)["sent"] == 1


def test_the_older_answer_of_feishu_counts(double, robot, employee):
    robot("feishu")
    double.answer = {"StatusCode": 0, "StatusMessage": "success"}
    tell(employee)
    assert swept(NOON)["sent"] == 1


def test_a_redirect_is_not_followed_and_no_token_is_kept(double, robot, employee, caplog):
    robot("dingtalk", SECRET)
    double.status, double.headers = 302, {"Location": double.hook("/elsewhere")}
    tell(employee)
    swept(NOON)
    assert len(double.posts) == 1
    assert error() == "robot|HTTP 302"
    double.status, double.answer = 200, {"errcode": 1, "errmsg": f"bad token b64c1b4ac1b5dd1d1f7c key {SECRET}"}
    swept(NOON + MINUTE)
    assert error() == "robot|1 bad token *** key ***"
    assert "b64c1b4ac1b5dd1d1f7c" not in caplog.text


def test_a_robot_that_cannot_be_reached(double, robot, employee, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    robot("wecom")
    tell(employee)
    assert swept(NOON)["failed"] == 1
    assert error().startswith("connect|")
    assert double.posts == []


def test_what_is_kept_of_a_robot_can_be_read_by_nobody(double, robot):
    made = robot("dingtalk", SECRET)
    kept = session.execute(sa.text("SELECT hook, secret FROM message_channel")).one()
    assert all("access_token" not in text and SECRET not in text for text in kept)
    assert (made.hook, made.secret) == (double.hook(PATHS["dingtalk"]), SECRET)
    assert {"hook", "secret"}.isdisjoint(MessageChannel.register.fields)


# -- whose messages ----------------------------------------------------------------------------------------------------


def test_a_group_is_told_once_of_what_several_of_it_are_told(double, robot, employee, unit):
    robot("wecom")
    other = add(Employee(number="E2", name="李四", unit_id=unit.id))
    tell(employee, other)
    assert swept(NOON)["sent"] == 1
    tell(add(Employee(number="E3", name="王五", unit_id=unit.id)))
    assert swept(NOON + 20 * MINUTE).get("sent") is None
    assert len(double.posts) == 1


def test_units_roles_and_kinds_decide(double, robot, employee, unit):
    below = add(OrgUnit(code="QC1", name="一组", kind="section", parent_id=unit.id))
    away = add(OrgUnit(code="X", name="外部", kind="company"))
    near = add(Employee(number="E2", name="组员", unit_id=below.id))
    far = add(Employee(number="E3", name="外人", unit_id=away.id))
    session.add(Role(name="sales_manager"))
    session.flush()
    add(Holding(owner_id=far.id, unit_id=away.id, role="sales_manager", scope="unit", valid_from=dt.date(2025, 1, 1)))
    robot("wecom", kinds=["late"])
    robot("feishu", unit_ids=[], roles=["sales_manager"])
    with clock.freeze(NOON):
        tell(near, event="deadline.late:1", case="近")
        tell(near, event="study:2", case="学")
        tell(far, event="study:3", case="远")
        swept(NOON)
    posted = {path.split("/")[1]: str(body) for path, _query, body in double.posts}
    assert set(posted) == {"cgi-bin", "open-apis"}
    assert "近" in posted["cgi-bin"]
    assert "学" not in posted["cgi-bin"]
    assert "远" in posted["open-apis"]


def test_a_group_never_hears_of_what_is_kept_from_anybody(double, robot, employee, unit):
    robot("wecom")
    other = add(Employee(number="E2", name="李四", unit_id=unit.id))
    barring.set_barriers(other, barring.NAMED, [other.id])
    session.commit()
    tell(employee, url="", about=("employee", other.id))
    swept(NOON)
    assert double.posts == []


# -- trying out --------------------------------------------------------------------------------------------------------


def test_a_test_message_leaves_with_the_next_sweep_and_keeps_the_answer(double, robot):
    made = robot("wecom", enabled=False)
    with clock.freeze(NOON):
        trying.ask(made, "", "zh")
        session.commit()
    assert double.posts == []
    swept(NOON)
    session.refresh(made)
    assert (made.tried_state, made.answer) == ("sent", "")
    assert "wecom" in double.posts[0][2]["text"]["content"]
    double.answer = {"errcode": 93000, "errmsg": "invalid webhook url"}
    with clock.freeze(NOON):
        trying.ask(made, "", "zh")
        session.commit()
    swept(NOON + MINUTE)
    session.refresh(made)
    assert made.tried_state == "failed"
    assert "93000 invalid webhook url" in channels.sentence(made.answer or "")
    assert swept(NOON + 2 * MINUTE) == {}


def test_a_test_mail_goes_to_the_address_that_was_asked_for(mailbox, mail):
    with clock.freeze(NOON):
        trying.ask(mail, "admin@kezhi.cn", "en")
        session.commit()
    swept(NOON)
    assert mailbox.envelopes[0][1] == ["admin@kezhi.cn"]
    assert mailbox.letters[0]["Subject"] == "Test message"
