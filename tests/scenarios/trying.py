"""How trials are asked: by REST and on the screen."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlencode

import pytest

from tests.scenarios.desk import REP, at

START = "2025-09-26T14:30"
BIG = re.compile(r'class="kz-big[^"]*">([^<]*)<')


@pytest.fixture
def ask(sign_in):
    """A trial by REST at the time of the case."""

    def call(what, status=200, account=REP, code="B02", **body):
        with at("2025-09-26 14:30"):
            return sign_in(account).call("POST", f"policy/{code}/{what}?_l_=en", status, **body)

    return call


@pytest.fixture
def look(sign_in):
    """The calculator's page for what an address says."""

    def get(status=200, account=REP, language="en", **said):
        with at("2025-09-26 14:30"):
            answer = sign_in(account).client.get("/calculator/?" + urlencode({"_l_": language, **said}, doseq=True))
        assert answer.status_code == status, answer.text
        return unescape(answer.text)

    return get


def cells(page):
    """The rows of the page's tables, without markup."""
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]
