"""The trail from the command line: ``flask audit seal|verify|heads``."""

from __future__ import annotations

import datetime as dt

import click
from flask.cli import AppGroup

from app.core import clock
from app.engines.audit.verification import CHAIN, CHANGED, HEAD, INSERTED, MISSING, Finding, day_heads, verify
from app.engines.sweeps import operations as sweeps

commands = AppGroup("audit", help="The audit trail: seal it, check it, print its heads.")

WORDS = {
    CHAIN: "the chain is broken here; a seal was removed, changed or added",
    CHANGED: "an entry or the seal itself was changed",
    MISSING: "entries were removed",
    INSERTED: "entries were added after the sealing",
    HEAD: "a head noted down earlier is no longer in the chain; it was cut short or rewritten",
}


@commands.command("seal")
def seal_now() -> None:
    """Seal every entry committed so far, as the sweep does; exits with 1 when it breaks off."""
    sweeps.sync()
    outcome = sweeps.run("audit.seal")
    if outcome.error:
        raise click.ClickException(outcome.error)
    click.echo(f"sealed {outcome.counts['entries']} entries in {outcome.counts['seals']} seals")


@commands.command("verify")
@click.option("--head", "heads", multiple=True, help="A head noted down earlier; it must still be in the chain.")
def check(heads: tuple[str, ...]) -> None:
    """Compare the trail with its seals; exits with 1 when anything is wrong."""
    findings = verify(clock.now(), heads)
    for found in findings:
        click.echo(_line(found))
    if findings:
        raise click.ClickException(f"{len(findings)} findings")
    click.echo("nothing was changed, removed or added")


@commands.command("heads")
@click.option("--days", default=7, show_default=True, help="How many days back.")
def print_heads(days: int) -> None:
    """The last seal of each day, to be kept outside the database."""
    for day, head in day_heads(clock.today() - dt.timedelta(days=days)):
        click.echo(f"{day} {head}")


def _line(found: Finding) -> str:
    where = f"seal {found.seal_id}: " if found.seal_id else ""
    ids = ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in found.spans)
    return f"{where}{WORDS[found.kind]}{f' (entries {ids})' if ids else ''}"
