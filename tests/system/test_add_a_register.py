"""The README's steps for a new register, followed to the letter in a copy of the tree."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from config import ROOT

NEEDED = ("app", "migrations", "config.py", "pyproject.toml", "babel.cfg", "README.md")
SET_UP = """
import argparse, config
from app.bootstrap.serve import prepare
here = config.settings()
here.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
app = prepare(here, "127.0.0.1", argparse.Namespace(reset_demo=False, yes=True, no_demo=True))
app.config["WTF_CSRF_ENABLED"] = False
"""
FOUND = """
from app.core.db import session
from app.demo import company
with app.app_context():
    company.found("Plain-words-7")
    session.commit()
"""
TRY = """
import datetime as dt
client = app.test_client()
assert client.post("/login/", data={"username": "xuwenjing", "password": "Plain-words-7"}).status_code == 302
buyer = client.get("/api/v1/customer/").json["result"][0]["id"]
assert "拜访记录" in client.get("/").text
assert "拜访日期" in client.get("/visit_note/add").text
bad = client.post("/visit_note/add", data={"subject": "价格", "customer_id": buyer})
assert bad.status_code == 422 and "价格" in bad.text
typed = {"subject": "价格", "customer_id": buyer, "visited_on": "2025-09-10", "agreed": "降 2%"}
made = client.post("/visit_note/add", data=typed)
assert made.status_code == 302
here = made.headers["Location"]
assert "降 2%" in client.get(here).text
assert "价格" in client.get("/visit_note/").text
assert "降 2%" in client.get(f"{here}/print").text
sent = client.post("/api/v1/visit_note/", json=typed | {"subject": "交期"})
assert sent.status_code == 201, sent.text
assert client.get("/api/v1/visit_note/").json["count"] == 2
other = app.test_client()
other.post("/login/", data={"username": "linjiahao", "password": "Plain-words-7"})
assert other.get("/api/v1/visit_note/").json["count"] == 0
assert other.get(here).status_code == 404
books = app.test_client()
books.post("/login/", data={"username": "fanghuimin", "password": "Plain-words-7"})
assert books.get("/api/v1/visit_note/").status_code == 403
print("the register works")
"""


def blocks() -> dict[str, str]:
    """The code of the README's section, by language."""
    section = (ROOT / "README.md").read_text(encoding="utf-8").split("## Add a register")[1].split("\n## ")[0]
    return dict(re.findall(r"```(\w+)\n(.*?)```", section, flags=re.S))


class Tree:
    """A copy of the program with an installation of its own."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "tree"
        for name in NEEDED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, self.root / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, self.root / name)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("KEZHI_", "DATABASE_"))}
        self.env = kept | {"KEZHI_INSTANCE": str(folder / "instance"), "PYTHONUTF8": "1", "PYTHONPATH": str(self.root)}

    def run(self, *command: str) -> str:
        """Run a command in the copy; what it printed."""
        done = subprocess.run(
            command, cwd=self.root, env=self.env, capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout

    def python(self, *programs: str) -> str:
        return self.run(sys.executable, "-c", "".join(programs))


@pytest.mark.slow
def test_the_steps_of_the_readme_lead_to_a_register(tmp_path):
    tree, given = Tree(tmp_path), blocks()
    tree.python(SET_UP, FOUND)
    (tree.root / "app/areas/customers/visit_note.py").write_text(given["python"], encoding="utf-8")
    roles = tree.root / "app/roles/roles.yaml"
    before, found, after = roles.read_text(encoding="utf-8").partition("- slug: salesperson\n")
    head, grants, rest = after.partition("  grants:\n")
    roles.write_text(before + found + head + grants + given["yaml"] + rest, encoding="utf-8")
    words = tree.root / "app/translations/zh/LC_MESSAGES/messages.po"
    words.write_text(f"{words.read_text(encoding='utf-8')}\n{given['po']}", encoding="utf-8")
    bin_ = Path(sys.executable).parent
    for line in given["sh"].splitlines():
        if line != "python3 run.py":
            program, *arguments = [part.strip('"') for part in re.findall(r'"[^"]*"|\S+', line)]
            tree.run(str(bin_ / Path(program).name), *arguments)
    written = list((tree.root / "migrations/versions").glob("*visit_notes.py"))
    assert len(written) == 1
    shown = tree.python(SET_UP, TRY)
    assert "upgrading the database" in shown
    assert shown.endswith("the register works\n")
    tree.run(str(bin_ / "flask"), "--app", "app", "db", "check")
