"""Where the tests put databases and files: in memory where there is room, since they copy thousands of them."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from functools import cache
from pathlib import Path

import pytest

MEMORY, NEEDED, PREFIX, STALE = Path("/dev/shm"), 6 << 30, "kezhi-tests-", 86_400  # bytes and seconds


@cache
def place() -> Path:
    """A folder in memory with some gigabytes left, else the folder for temporary files."""
    roomy = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= NEEDED
    return MEMORY if roomy else Path(tempfile.gettempdir())


def settle(config: pytest.Config) -> None:
    """Give a run its folder, unless one was named, and remove it at the end; workers get theirs from the run."""
    if hasattr(config, "workerinput") or config.option.basetemp or place() != MEMORY:
        return
    for left in MEMORY.glob(f"{PREFIX}*"):  # of runs that were killed
        if time.time() - left.stat().st_mtime > STALE:
            shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=MEMORY))
    config.option.basetemp = str(folder / "run")
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
