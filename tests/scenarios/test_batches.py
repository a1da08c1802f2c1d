"""Rows picked in a list as one PDF: every copy, kept in each row's history; on each database."""

from __future__ import annotations

import re
import zlib

import pytest

from app.engines.documents import pdf
from tests.scenarios.desk import CONTROL, MANAGER, REP, Desk, at

STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
pytestmark = pytest.mark.skipif(not pdf.available(), reason="Pango is not installed here")


@pytest.fixture(autouse=True)
def half_past_nine():
    """All happens at one moment."""
    with at("2025-10-13 09:30"):
        yield


def pages_of(answer):
    """How many pages a PDF has."""
    assert answer.status_code == 200, answer.text
    assert answer.data.startswith(b"%PDF")
    packed = [zlib.decompressobj().decompress(one) for one in STREAM.findall(answer.data) if one[:1] == b"\x78"]
    return len(re.findall(rb"/Type\s*/Page(?!s)", b"\n".join([answer.data, *packed])))


def test_cases_with_every_copy_in_one_file(sign_in):
    desk = Desk(sign_in)
    cases = [desk.accepted(), desk.accepted()]
    control = sign_in(CONTROL)
    assert 'formaction="/prints/complaint"' in control.client.get("/complaint/").text
    one = pages_of(control.client.post("/prints/complaint", data={"id": cases[:1]}))
    assert one >= 5  # the policy names five copies
    assert pages_of(control.client.post("/prints/complaint", data={"id": cases})) == 2 * one
    course = control.client.get(f"/complaint/{cases[1]}?_l_=zh").text
    assert "第二联" in course[course.index("打印"):]
    # the policy lets sales print none
    assert sign_in(REP).client.post("/prints/complaint", data={"id": cases}).status_code == 403


def test_rows_out_of_reach_and_too_many_are_refused(sign_in):
    rep = sign_in(REP)
    own = rep.call("POST", "customer/", 201, customer_no="C-5", name="五号")["id"]
    assert pages_of(rep.client.post("/prints/customer", data={"id": [own]})) == 1
    assert rep.client.post("/prints/customer", data={"id": [own, 99999]}).status_code == 404
    assert rep.client.post("/prints/customer", data={}).status_code == 400
    assert rep.client.post("/prints/customer", data={"id": [str(n) for n in range(1, 60)]}).status_code == 404
    assert rep.client.post("/prints/customer", data={"id": [str(n) for n in range(1, 1100)]}).status_code == 422
    assert rep.client.post("/prints/nothing", data={"id": [own]}).status_code == 404
    assert sign_in(MANAGER).client.post("/prints/customer", data={"id": [own]}).status_code == 200
