"""Hosts for tests: processes of their own on one database, which say where they are and wait for a word to go on."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

import sqlalchemy as sa

from app.areas.complaints.complaint import Complaint
from app.areas.customers.customer import Customer
from app.core import clock
from app.core.db import session
from app.engines.deadlines.models import DeadlineClock
from app.engines.people.models import OrgUnit
from app.engines.policy.models import PackVersion
from config import ROOT

BEGIN = """
import datetime as dt, sys
from app import create_app
from app.core import clock
from app.engines.deadlines import sweeps as watching
from app.engines.sweeps import operations as sweeps, scheduler
def say(*words):
    print(*words, flush=True)
def wait():
    sys.stdin.readline()
url, folder, batch, at = sys.argv[1:]
at, watching.BATCH = dt.datetime.fromisoformat(at), int(batch)
app = create_app(TESTING=True, SQLALCHEMY_DATABASE_URI=url, KEZHI_INSTANCE=folder, KEZHI_FILES=folder)
"""


class Host:
    """A process that carries out a script after ``BEGIN``; a line to its stdin ends a ``wait()``."""

    def __init__(self, script: str, url: str, folder: Path, batch: int, at: str) -> None:
        env = {name: value for name, value in os.environ.items() if not name.startswith(("KEZHI_", "DATABASE_"))}
        command = [sys.executable, "-c", BEGIN + script, url, str(folder), str(batch), at]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        self.process = subprocess.Popen(command, cwd=ROOT, env=env, text=True, **pipes)

    def hears(self, word: str) -> list[str]:
        """Read on to the line that begins with a word; what follows it there."""
        for line in self.process.stdout:
            if line.split()[:1] == [word]:
                return line.split()[1:]
        raise AssertionError(self.process.communicate()[1])

    def tell(self) -> None:
        """Let it go on."""
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.communicate(timeout=30)

    def end(self) -> None:
        """Wait until it has come to its own end."""
        _shown, told = self.process.communicate(timeout=60)
        assert self.process.returncode == 0, told


def fill(number: int, due: str) -> None:
    """So many open cases with one clock each that ends at a local time; commits."""
    unit = dict(map(tuple, session.execute(sa.select(OrgUnit.code, OrgUnit.id))))
    pack = session.scalars(sa.select(PackVersion.id).where(PackVersion.code == "B02")).one()
    customer = session.scalar(sa.select(sa.func.min(Customer.id)))
    governed = {"pack_version_id": pack, "adopter_id": unit["HX"]}
    ends = clock.from_local(dt.datetime.fromisoformat(due))
    cases = [
        governed | {
            "id": n, "number": f"2509{n:04}", "case_no": f"2509{n:04}", "title": "爆板", "market": "domestic",
            "status": "qc", "policy": "B02", "holder_unit_id": unit["HX-QC"], "holder_post": "B02.qc",
            "unit_id": unit["HX-SA"], "customer_id": customer,
        }
        for n in range(1, number + 1)
    ]
    clocks = [
        governed | {
            "of_register": "complaint", "record_id": n, "key": "B02.step_qc", "words": {"zh": "时限", "en": "Limit"},
            "clause": "（十）1", "tone": "red", "state": "qc", "status": "running", "unit_id": unit["HX-QC"],
            "post": "B02.qc", "started_at": ends - dt.timedelta(days=8), "due_at": ends, "first_due_at": ends,
            "provisional": False, "level": 0, "allowance": {}, "calendar": "CN", "hours": "08:00-12:00, 13:30-17:30",
            "adjustments": [], "next_at": ends + dt.timedelta(seconds=1),
        }
        for n in range(1, number + 1)
    ]
    session.execute(sa.insert(Complaint), cases)
    session.execute(sa.insert(DeadlineClock), clocks)
    session.commit()
