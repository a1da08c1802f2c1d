"""A second, invented policy beside B02: its register would stay in this process, so it runs in one of its own."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from config import ROOT
from tests import postgres
from tests.small import DATABASES

INNER = "tests/scenarios/second/running.py"


@pytest.mark.slow
@pytest.mark.parametrize("kind", DATABASES)
def test_a_second_policy_runs_side_by_side_with_b02(kind):
    env = dict(os.environ)
    if kind == "postgresql":
        env["KEZHI_TEST_DATABASE_URL"] = postgres.address().render_as_string(hide_password=False)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", INNER, "-k", kind]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert " passed" in done.stdout
