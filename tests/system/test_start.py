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
INSIDE_APP = """
import sys
from app import create_app
app = create_app()
with app.app_context():
    exec(sys.argv[1])
"""
FILL = """
import io
from werkzeug.datastructures import FileStorage
from app.areas.customers.customer import Customer
from app.core import attachments
from app.core.db import session
from app.engines.people.models import OrgUnit
unit = OrgUnit(code="HX", name="华芯", kind="company")
session.add(unit)
session.flush()
customer = Customer(customer_no="C1", name="苏州启衡", unit_id=unit.id, contact_phone="13812345678")
session.add(customer)
session.flush()
attachments.receive("customer", customer.id, "paper", [FileStorage(io.BytesIO(b"%PDF-1.4 report"), "检验报告.pdf")])
session.commit()
"""
LOOK = """
import sqlalchemy as sa
from app.areas.customers.customer import Customer
from app.core import attachments, crypto
from app.core.db import session
from app.engines.audit.models import AuditEntry, AuditSeal
phone = crypto.blind_index("13812345678")
customer = session.scalars(sa.select(Customer).where(Customer.contact_phone_index == phone)).one()
kept = attachments.of_row("customer", customer.id)
with attachments.open_file(kept[0].storage_key) as file:
    print(customer.name, customer.contact_phone, len(kept), kept[0].name, file.read())
for model in (AuditEntry, AuditSeal):
    print(model.__tablename__, session.scalar(sa.select(sa.func.count()).select_from(model)))
"""
WORKER = """
import argparse, sys, config
from app.bootstrap import locks, serve
here = config.settings()
here.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
print("up", flush=True)
sys.stdin.readline()
with locks.setting_up(here):
    app = serve.prepare(here, "127.0.0.1", argparse.Namespace(reset_demo=False, yes=False, no_demo=True))
print("answers", app.test_client().get("/login/").status_code, flush=True)
"""
COUNT = """
import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import PermissionView, Role, User
from app.core.db import session
from app.engines.people import operations as people
from app.engines.people.shipped import granted
print(*[session.scalar(sa.select(sa.func.count()).select_from(model)) for model in (User, Role, PermissionView)])
print(len(granted()) > 100, people.sync_roles())
"""


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

    def python(self, script: str, *arguments: str) -> subprocess.Popen[str]:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen([sys.executable, "-c", script, *arguments], cwd=ROOT, env=self.env, text=True, **pipes)

    def told(self, script: str) -> str:
        """What a script inside the program prints."""
        process = self.python(INSIDE_APP, script)
        shown, wrong = process.communicate(timeout=120)
        assert process.returncode == 0, wrong
        return shown

    def flask(self, *arguments: str) -> str:
        """What one of Flask's commands prints; it must succeed."""
        command = [sys.executable, "-m", "flask", "--app", "app", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.env, text=True, capture_output=True, check=False, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def keys(self) -> dict[str, bytes]:
        return {file.name: file.read_bytes() for file in (Path(self.env["KEZHI_INSTANCE"]) / "keys").iterdir()}

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
        first.told(FILL)
        assert first.flask("audit", "seal").startswith("sealed ")
        before = first.told(LOOK)
        assert before.startswith("苏州启衡 13812345678 1 检验报告.pdf b'%PDF-1.4 report'")
        assert first.run("backup", str(tmp_path / "kezhi.zip"))[0] == 0
    with first.served() as shown:
        assert "administrator" not in shown
        assert "upgrading" not in shown
    code, shown = second.run("restore", str(tmp_path / "kezhi.zip"))
    assert code == 0, shown
    assert (second.told(LOOK), second.keys()) == (before, first.keys())
    assert "nothing was changed" in second.flask("audit", "verify")
    with second.served() as shown:
        assert "administrator" not in shown
        assert second.sign_in_page() == 200


def test_workers_that_start_at_once_on_an_empty_database_all_live(installations):
    place = installations[0]
    workers = [place.python(WORKER) for _ in range(4)]
    assert [worker.stdout.readline() for worker in workers] == ["up\n"] * 4
    for worker in workers:
        worker.stdin.write("\n")
        worker.stdin.flush()
    told = [worker.communicate(timeout=300) for worker in workers]
    assert [worker.returncode for worker in workers] == [0] * 4, told
    assert all(shown.endswith("answers 200\n") for shown, _wrong in told)
    assert sum("the password is shown only now" in shown for shown, _wrong in told) == 1
    counted, held = place.told(COUNT).splitlines()
    assert counted.split()[0] == "1"
    assert held == "True {'added': 0, 'removed': 0, 'changed': 0}"


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
