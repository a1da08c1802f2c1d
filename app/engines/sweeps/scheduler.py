"""The clock of the sweeps: every half minute it asks the database what is due. Alone: ``flask scheduler run``."""

from __future__ import annotations

import datetime as dt
import logging
import threading

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask, current_app
from flask.cli import AppGroup

from app.engines.sweeps import operations

EVERY_SECONDS = 30

log = logging.getLogger(__name__)
commands = AppGroup("scheduler", help="The clock that runs the sweeps.")


def start(app: Flask, every_seconds: float = EVERY_SECONDS) -> BackgroundScheduler:
    """Run due sweeps in a thread from now on; any number of hosts may do so on one database."""
    with app.app_context():
        operations.sync()
    scheduler = BackgroundScheduler(timezone=dt.UTC)
    scheduler.add_job(
        tick,
        "interval",
        (app,),
        seconds=every_seconds,
        next_run_time=dt.datetime.now(dt.UTC),
        misfire_grace_time=None,
        coalesce=True,
        max_instances=1,
    )
    scheduler.start()
    return scheduler


def tick(app: Flask) -> None:
    """Run what is due now, each sweep in a context (and so a session) of its own."""
    with app.app_context():
        names = operations.due_names()
    for name in names:
        with app.app_context():
            try:
                operations.run_due(name)
            except Exception:
                # one broken sweep, or a database that is away for a while, must not stop the clock
                log.exception("sweep %s could not be run", name)


@commands.command("run")
def run_alone() -> None:
    """Run due sweeps in a process of its own until it is stopped."""
    thread = start(current_app._get_current_object())  # type: ignore[attr-defined]
    try:
        threading.Event().wait()
    finally:
        thread.shutdown(wait=True)
