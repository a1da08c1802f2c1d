"""The portal started as `run.py` starts it, from an empty folder, then backed up and brought up elsewhere."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from config import ROOT
from tests import postgres

pytestmark = pytest.mark.slow
INSIDE = "import run, sys; from app.bootstrap import main; sys.exit(main.run(run.parse(sys.argv[1:])))"


class Installation:
    """One instance folder and its database, driven by the command line."""

    def __init__(self, folder: Path, database: str = "") -> None:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("KEZHI_")}
        self.env = clean | {"KEZHI_INSTANCE": str(folder), "PYTHONUTF8": "1"}
        if database:
            self.env |= {"DATABASE_URL": database, "PATH": postgres.tools()}
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = str(free.getsockname()[1])

    def process(self, *arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", INSIDE, *arguments]
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        return subprocess.Popen(command, cwd=ROOT, env=self.env, text=True, **pipes)

    def run(self, *arguments: str) -> tuple[int, str]:
        process = self.process(*arguments)
        shown, _ = process.communicate(timeout=120)
        return process.returncode, shown

    @contextmanager
    def served(self) -> Iterator[str]:
        """Serve for the block; what was printed until the portal was ready."""
        process = self.process("--no-demo", "--port", self.port)
        lines = []
        for line in process.stdout:
            lines.append(line)
            if "Kezhi is ready" in line:
                break
        else:
            pytest.fail("".join(lines))
        try:
            yield "".join(lines)
        finally:
            process.send_signal(signal.SIGINT)
            rest, _ = process.communicate(timeout=30)
        assert (process.returncode, rest) == (0, "")

    def sign_in_page(self) -> int:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/login/", timeout=20) as answer:
            return answer.status


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def installations(request, tmp_path):
    """Two empty places for the portal."""
    if request.param == "sqlite":
        yield Installation(tmp_path / "one"), Installation(tmp_path / "two")
        return
    with postgres.fresh_database() as one, postgres.fresh_database() as two:
        addresses = (url.render_as_string(hide_password=False) for url in (one, two))
        yield tuple(Installation(tmp_path / name, url) for name, url in zip(("one", "two"), addresses, strict=True))


def test_first_start_second_start_backup_and_a_new_life_elsewhere(installations, tmp_path):
    first, second = installations
    code, shown = first.run("--no-demo", "setup")
    assert code == 0, shown
    assert "administrator (the password is shown only now)" in shown
    with first.served() as shown:
        assert "upgrading" not in shown
        assert first.sign_in_page() == 200
        assert first.run("backup", str(tmp_path / "kezhi.zip"))[0] == 0
    with first.served() as shown:
        assert "administrator" not in shown
        assert "upgrading" not in shown
    code, shown = second.run("restore", str(tmp_path / "kezhi.zip"))
    assert code == 0, shown
    with second.served() as shown:
        assert "administrator" not in shown
        assert second.sign_in_page() == 200


def test_sqlite_takes_one_server_and_a_refusal_is_a_sentence(tmp_path):
    only = Installation(tmp_path / "one")
    with only.served():
        code, shown = only.run("--no-demo", "--port", "1")
        assert code == 1
        assert "another Kezhi runs on" in shown
        assert "Traceback" not in shown


def test_a_taken_port_is_refused_before_anything_is_set_up(tmp_path):
    only = Installation(tmp_path / "one")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        code, shown = only.run("--no-demo", "--port", str(taken.getsockname()[1]))
    assert code == 1
    assert "choose another port with --port" in shown
    assert not (tmp_path / "one" / "kezhi.db").exists()
