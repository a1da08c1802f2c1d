"""What tests of bad input share."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from app.areas.customers.customer import Customer
from app.core.db import Model, session
from tests.portal import enter, token

LABELS = {
    "title": ("事由", "Subject"), "claimed_amount": ("客诉金额", "Claimed amount"), "customer_id": ("客户", "Customer"),
    "market": ("内／外销", "Market"),
}
CHINESE = re.compile("[\u4e00-\u9fff]")
HUGE = "x" * (5 << 20)
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


@pytest.fixture
def client(demo):
    return enter(demo, "xuwenjing")


@pytest.fixture
def header(demo):
    return token(demo, "xuwenjing")


def complaint(demo, **over):
    with demo.app_context():
        own = session.scalar(sa.select(Customer.id).order_by(Customer.id))
    return {"title": "板面起泡", "customer_id": own, "market": "domestic"} | over


def counts(demo):
    with demo.app_context():
        return {
            name: session.scalar(sa.select(sa.func.count()).select_from(table))
            for name, table in Model.metadata.tables.items()
        }


def in_both(call):
    """The JSON of a refusal in Chinese and in English; the status and the fields agree."""
    zh, en = (call({"Accept-Language": language}) for language in ("zh-CN", "en"))
    assert zh.status_code == en.status_code
    assert [e["field"] for e in zh.json["errors"]] == [e["field"] for e in en.json["errors"]]
    for error in zh.json["errors"]:
        assert CHINESE.search(error["message"]), error
    assert zh.json["message"] != en.json["message"]
    return zh, en
