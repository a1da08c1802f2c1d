"""Sweeps from the command line: ``flask sweep list|run|log``."""

from __future__ import annotations

import datetime as dt
from typing import Any

import click
from flask.cli import AppGroup

from app.core import clock
from app.engines.sweeps import operations
from app.engines.sweeps.models import SweepRun

commands = AppGroup("sweep", help="Scheduled jobs: list them, run one, read the log.")


@commands.command("list")
def list_jobs() -> None:
    """Every sweep with its schedule, last and next run (local time)."""
    operations.sync()
    for job, last in operations.jobs_with_last_run():
        state = last.status if last else "-"
        mark = "" if job.enabled else "  (off)"
        click.echo(
            f"{job.name:32} {job.schedule:18} {_local(job.last_run_at):17} {state:8} {_local(job.next_run_at)}{mark}"
        )


@commands.command("run")
@click.argument("name")
@click.option("--at", type=click.DateTime(), help="Run for this instant (local time) instead of now.")
@click.option("--dry-run", is_flag=True, help="Roll everything back; only show what would be done.")
def run_job(name: str, at: dt.datetime | None, dry_run: bool) -> None:
    """Run one sweep now; exits with 1 when it breaks off."""
    operations.sync()
    moment = clock.from_local(at) if at else None
    outcome = (operations.rehearse if dry_run else operations.run)(name, moment)
    click.echo(f"{name} for {_local(outcome.for_at)}: {_counts(outcome.counts)}")
    if outcome.error:
        raise click.ClickException(outcome.error)


@commands.command("log")
@click.argument("name")
@click.option("--limit", default=20, show_default=True)
def show_log(name: str, limit: int) -> None:
    """The latest runs of one sweep, newest first."""
    for entry in operations.runs_of(name, limit):
        words = (_local(entry.started_at), _seconds(entry).rjust(8), entry.status.ljust(8), _counts(entry.counts))
        click.echo(" ".join((*words, entry.error or "")).rstrip())


def _local(instant: dt.datetime | None) -> str:
    return clock.to_local(instant).strftime("%Y-%m-%d %H:%M") if instant else "-"


def _seconds(entry: SweepRun) -> str:
    return f"{(entry.ended_at - entry.started_at).total_seconds():.1f} s" if entry.ended_at else "-"


def _counts(counts: Any) -> str:
    return " ".join(f"{word}={number}" for word, number in sorted(counts.items())) or "nothing"
