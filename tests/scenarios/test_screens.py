"""The screens a manager lives in, on each database: their numbers agree with the lists behind them."""

from __future__ import annotations

import re
from html import unescape

import pytest
import sqlalchemy as sa

from app.core.db import db
from app.core.errors import Conflict
from app.engines.sweeps import alone, operations
from tests.scenarios.desk import CONTROL, DEPUTY, REP, Desk, at

TILE = re.compile(r'<a href="([^"]*)"><span class="kz-sub">([^<]*)</span><b[^>]*>(\d+)')


def text_of(person, path):
    answer = person.client.get(path)
    assert answer.status_code == 200, answer.text
    return unescape(answer.text)


def rows(person, path):
    return len(re.findall(r'<td><a class="id" href="/complaint/', text_of(person, path)))


@pytest.fixture
def desk(sign_in):
    """Two accepted cases of Monday, one draft."""
    with at("2025-10-13 09:00"):
        made = Desk(sign_in)
        made.cases = [made.accepted(), made.accepted(claimed_amount="120000.00")]
        made.open()
    return made


def test_numbers_agree_with_their_lists(desk, sign_in):
    with at("2025-10-14 10:00"):
        for account in (CONTROL, REP, DEPUTY):
            person = sign_in(account)
            tiles = TILE.findall(text_of(person, "/?_l_=en"))
            assert len(tiles) >= 4
            for url, label, number in tiles:
                if "/complaint/" in url:
                    assert (label, rows(person, url)) == (label, int(number))
        assert {label: int(n) for _url, label, n in TILE.findall(text_of(sign_in(REP), "/?_l_=en"))}["Late"] == 2


@pytest.mark.parametrize("asked", ["stage=open", "stage=closed", "stage=mine", "clock=late", "clock=2025-10-30", ""])
def test_every_view_of_the_list(desk, sign_in, asked):
    with at("2025-10-14 10:00"):
        rows(sign_in(CONTROL), f"/complaint/?{asked}")


def test_the_page_of_a_case(desk, sign_in):
    with at("2025-10-14 10:00"):
        page = text_of(sign_in(CONTROL), f"/complaint/{desk.cases[1]}?_l_=zh")
        assert "副总经理" in page
        assert "逾期" in page
        text_of(sign_in(CONTROL), f"/complaint/{desk.cases[1]}/move/send_to_qc?_l_=zh")
        preview = sign_in(REP).client.post("/complaint/preview?_l_=zh", data={"claimed_amount": "160000"})
        assert "总经理" in preview.text


def test_a_sweep_by_hand(portal, desk, sign_in):
    with portal.app_context(), at("2025-10-14 10:00"):
        operations.sync()
        trial = operations.rehearse("deadlines.due")
        assert trial.counts["slips"] == 2
        assert operations.run("deadlines.due").counts["slips"] == 2
        assert operations.run("deadlines.due").counts["hit"] == 0


@pytest.mark.postgres
@pytest.mark.parametrize("portal", ["postgresql"], indirect=True)
def test_a_sweep_that_another_host_runs_is_refused(portal):
    """The lock is the database's, so the answer holds between hosts."""
    with portal.app_context():
        operations.sync()
        with db.engine.connect() as other:
            other.execute(sa.select(sa.func.pg_advisory_xact_lock(alone._key("deadlines.due"))))
            with pytest.raises(Conflict):
                operations.run("deadlines.due")





@pytest.mark.parametrize("portal", ["sqlite"], indirect=True)
def test_on_a_file_too_a_sweep_has_one_host(portal):
    """Two processes do not take turns between the batches; whoever comes second leaves it to the first."""
    with portal.app_context():
        operations.sync()
        with alone.whole_run("deadlines.due") as mine:
            assert mine
            with pytest.raises(Conflict):
                operations.run("deadlines.due")
            assert operations.run_due("deadlines.due") == []
        assert operations.run("deadlines.due").error is None
