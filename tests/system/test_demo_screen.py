"""Removing the demo from a screen: who may, what is typed, the portal at rest, and a failure that brings all back."""

from __future__ import annotations

import json
import socket
import urllib.error
import urllib.request

import pytest
import sqlalchemy as sa

from app.bootstrap import database, resting, undemo
from app.bootstrap.console import SetupError, say
from app.core import installation, upkeep
from app.core.accounts import LoginEvent
from app.core.db import session
from app.core.upkeep import Upkeep, Work
from tests.both import company
from tests.portal import enter
from tests.system.test_remove_demo import everything, here, inside

__all__ = ["company", "here"]
WORD = {"word": "remove the demo"}


def text(answer, status):
    assert answer.status_code == status, answer.get_data(as_text=True)[-2000:]
    return answer.get_data(as_text=True)


@pytest.fixture
def root(company):
    """An administrator's browser on a portal that holds the demo, served by a process that can rest."""
    with company.app_context():
        installation.remember(installation.DEMO, {"seeded": True})
        session.commit()
    client = enter(company, "root")
    client.get("/lang/en")
    yield client
    company.extensions.pop(upkeep.KEY, None)


def hosted(company, hindrances=()):
    made = Upkeep({"remove-demo": Work(lambda: list(hindrances), lambda: None)})
    upkeep.offer(company, made)
    return made


# -- the screen --------------------------------------------------------------------------------------------------------


def test_only_an_administrator_gets_there(company, root):
    asked = hosted(company)
    for name in ("sys", "amy"):
        assert enter(company, name).get("/demo/").status_code == 403
        assert enter(company, name).post("/demo/remove", data=WORD).status_code == 403
    assert asked.wanted == ""
    assert "Remove the demo" in text(root.get("/demo/"), 200)


def test_the_typed_words_let_the_process_rest(company, root):
    asked = hosted(company)
    refused = text(root.post("/demo/remove", data={"word": "yes"}), 422)
    assert "Type “remove the demo” to confirm." in refused
    assert 'value="yes"' in refused
    assert asked.wanted == ""
    assert root.post("/demo/remove", data=WORD).status_code == 302
    assert asked.wanted == "remove-demo"
    assert asked.due is False, "the answer leaves first"
    assert 'http-equiv="refresh"' in text(root.get("/demo/"), 200)
    with company.app_context():
        assert "demo_removed" in session.scalars(sa.select(LoginEvent.event)).all()


def test_what_stands_against_it_is_said(company, root):
    assert "run.py remove-demo" in text(root.get("/demo/"), 200)
    assert "Several processes" in text(root.post("/demo/remove", data=WORD), 409)
    asked = hosted(company, ["units of your own hold rows"])
    assert "units of your own hold rows" in text(root.get("/demo/"), 200)
    assert "units of your own hold rows" in text(root.post("/demo/remove", data=WORD), 422)
    with company.app_context():
        installation.remember(installation.DEMO, {"seeded": False})
        session.commit()
    assert "There is no demo here." in text(root.post("/demo/remove", data=WORD), 409)
    assert asked.wanted == ""


def test_how_it_ended_is_told(company, root, tmp_path, monkeypatch):
    monkeypatch.setitem(company.config, "KEZHI_INSTANCE", tmp_path)
    upkeep.tell(tmp_path, "remove-demo", "磁盘已满", ["已备份"])
    assert "磁盘已满" in text(root.get("/demo/"), 200)
    upkeep.tell(tmp_path, "remove-demo", "", ["已备份"])
    shown = text(root.get("/demo/"), 200)
    assert "the demo was removed" in shown
    assert "已备份" in shown


# -- the process at rest -----------------------------------------------------------------------------------------------


def fetched(port, path="/"):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as fault:
        return fault.code, fault.read().decode()


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@pytest.mark.slow
def test_meanwhile_everybody_reads_what_is_done(here):
    port, seen = free_port(), []

    def work():
        say("正在备份", "backing up")
        seen.extend(fetched(port, path) for path in ("/complaint/list/", "/static/kezhi/upkeep.js", "/../run.py"))
        raise SetupError("不行", "it cannot be done")

    asked = Upkeep({"remove-demo": Work(list, work)})
    asked.ask("remove-demo")
    resting.carry_out(here, asked, "127.0.0.1", port)
    assert [status for status, _page in seen] == [503, 200, 503]
    assert "backing up" in seen[0][1]
    told = json.loads((here.instance / "upkeep.json").read_text("utf-8"))
    assert told["error"] == "不行 · it cannot be done"
    assert told["said"] == ["正在备份 · backing up"]
    with pytest.raises(urllib.error.URLError):
        fetched(port)


@pytest.mark.slow
def test_it_is_the_very_removal_of_the_command(here):
    asked = resting.offer(_app(), here)
    assert asked.works["remove-demo"].hindrances is undemo.hindrances
    asked.ask("remove-demo")
    resting.carry_out(here, asked, "127.0.0.1", free_port())
    told = json.loads((here.instance / "upkeep.json").read_text("utf-8"))
    assert told["error"] == ""
    assert database.recall(here, installation.DEMO) == {"seeded": False}
    assert inside(everything)["units"] == ["OWN", "OWN-1"]


def _app():
    from app import create_app

    made = create_app()
    resting.let_go(made)
    return made


@pytest.mark.slow
def test_what_breaks_off_is_brought_back(here, monkeypatch):
    before = inside(everything)

    def broken(*_args):
        raise RuntimeError("disk full")

    monkeypatch.setattr(undemo, "_begin_anew", broken)
    with pytest.raises(RuntimeError, match="disk full"):
        undemo.remove(here, sure=True)
    assert inside(everything) == before
    assert database.recall(here, installation.DEMO) == {"seeded": True}
    assert (here.instance / "demo.txt").read_text() == "secret"


@pytest.mark.slow
def test_other_processes_are_found_first(here):
    if here.sqlite_file is not None:
        assert undemo._refuse_company(here) is None, "there a lock of the file says so"
        return
    with database.engine_of(here).connect() as other:
        other.execute(sa.text("SELECT 1"))
        with pytest.raises(SetupError, match="1 other connections"):
            undemo.remove(here, sure=True)
    assert database.recall(here, installation.DEMO) == {"seeded": True}
