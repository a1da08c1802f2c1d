"""`run.py` for real, in copies with a lock of one tiny package: no network, and no `ensurepip`."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import run

PROGRAM = """
import tiny
def run(args):
    print("inside with", tiny.VERSION, args.command, args.rest)
    return 7
"""
METADATA = "Metadata-Version: 2.1\nName: tiny\nVersion: {version}\n"
WHEEL = "Wheel-Version: 1.0\nGenerator: hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def wheel(folder: Path, version: str) -> str:
    """Write a wheel by hand; its hash."""
    file, info = folder / f"tiny-{version}-py3-none-any.whl", f"tiny-{version}.dist-info"
    parts = {
        "tiny.py": f"VERSION = {version!r}",
        f"{info}/METADATA": METADATA.format(version=version),
        f"{info}/WHEEL": WHEEL,
    }
    with zipfile.ZipFile(file, "w") as made:
        for name, text in (parts | {f"{info}/RECORD": "".join(f"{name},,\n" for name in parts)}).items():
            made.writestr(name, text)
    return hashlib.sha256(file.read_bytes()).hexdigest()


class Copy:
    """A checkout with `run.py`, pip's wheel, a lock and a program that only prints."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for folder in ("app/bootstrap", "vendor", "wheels", "hidden"):
            (root / folder).mkdir(parents=True)
        shutil.copy(run.__file__, root)
        shutil.copy(run.PIP, root / "vendor")
        (root / "app" / "bootstrap" / "main.py").write_text(PROGRAM)
        (root / "hidden" / "ensurepip.py").write_text("raise ImportError('not on this system')")
        self.lock("1.0")

    def lock(self, version: str, digest: str = "") -> None:
        digest = digest or wheel(self.root / "wheels", version)
        lines = ("--no-index", f"--find-links {self.root / 'wheels'}", f"tiny=={version} --hash=sha256:{digest}")
        for name in ("requirements.txt", "requirements-test.txt"):
            (self.root / name).write_text("\n".join(lines))

    def start(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        env = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "KEZHI_", "PYTHON"))}
        env |= {"PIP_CONFIG_FILE": os.devnull, "PYTHONPATH": str(self.root / "hidden"), "PYTHONUTF8": "1"}
        command = [sys.executable, "run.py", *arguments]
        return subprocess.run(command, cwd=self.root, env=env, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path):
    return Copy(tmp_path)


def test_from_nothing_to_the_program_and_the_second_time_at_once(copy):
    first = copy.start()
    assert "making" in first.stdout
    assert "installing requirements.txt" in first.stdout
    assert first.stdout.endswith("inside with 1.0 None []\n")
    assert first.returncode == 7
    assert copy.start().stdout == "inside with 1.0 None []\n"


def test_a_changed_lock_is_installed_and_each_lock_has_its_stamp(copy):
    copy.start()
    copy.lock("2.0")
    again = copy.start()
    assert "making" not in again.stdout
    assert again.stdout.endswith("inside with 2.0 None []\n")
    tests = copy.start("test", "-k", "due", "--all")
    assert "installing requirements-test.txt" in tests.stdout
    assert tests.stdout.endswith("inside with 2.0 test ['-k', 'due']\n")


def test_a_package_with_another_hash_is_refused_and_tried_again(copy):
    copy.lock("1.0", digest="0" * 64)
    for _ in range(2):
        refused = copy.start()
        assert "THESE PACKAGES DO NOT MATCH THE HASHES" in refused.stderr
        assert "could not be installed" in refused.stderr
        assert refused.returncode == 1


def test_a_broken_environment_is_made_anew(copy):
    copy.start()
    for python in (copy.root / ".venv" / "bin").glob("python*"):
        python.unlink()
    assert copy.start().stdout.endswith("inside with 1.0 None []\n")


def test_a_damaged_pip_is_not_run(copy):
    with (copy.root / "vendor" / run.PIP.name).open("ab") as file:
        file.write(b"?")
    refused = copy.start()
    assert "is damaged" in refused.stderr
    assert "inside" not in refused.stdout


def test_an_old_python_gets_a_sentence():
    old = "import runpy, sys; sys.version_info = (3, 10, 4); runpy.run_path('run.py', run_name='__main__')"
    refused = subprocess.run([sys.executable, "-c", old], cwd=run.ROOT, capture_output=True, text=True, check=False)
    assert "Kezhi needs Python 3.11 or newer; this is 3.10." in refused.stderr
    assert refused.returncode == 1


@pytest.mark.parametrize(
    ("line", "command", "rest"),
    [
        ("", None, []),
        ("--port 9000 --no-demo", None, []),
        ("test", "test", []),
        ("test --all -x tests/unit -m browser", "test", ["-x", "tests/unit", "-m", "browser"]),
        ("backup kezhi.zip", "backup", []),
        ("restore kezhi.zip --force", "restore", []),
    ],
)
def test_the_command_line(line, command, rest):
    args = run.parse(line.split())
    assert (args.command, args.rest) == (command, rest)


@pytest.mark.parametrize("line", ["--prot 9000", "serve", "backup", "restore a b", "backup a --force"])
def test_a_wrong_command_line_is_refused_before_anything_is_installed(copy, line):
    refused = copy.start(*line.split())
    assert refused.returncode == 2
    assert not (copy.root / ".venv").exists()


def test_the_locks_name_no_index_and_hash_every_package():
    for name in ("requirements.txt", "requirements-test.txt", "benchmarks/requirements.txt"):
        text = (run.ROOT / name).read_text()
        assert "://" not in text
        assert "--index-url" not in text
        packages = [block for block in text.split("\n") if block[:1].isalnum()]
        assert all(line.endswith("\\") for line in packages)


def test_the_tests_run_on_exactly_what_the_portal_runs_on():
    def pins(name):
        return {line for line in (run.ROOT / name).read_text().splitlines() if line[:1].isalnum()}

    assert pins("requirements.txt") <= pins("requirements-test.txt")
