"""The index of names from the command line: ``flask search rebuild``."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.core.db import session
from app.core.register import Register
from app.engines.search import operations

commands = AppGroup("search", help="Names and numbers: make the index by which rows are found anew.")


@commands.command("rebuild")
@click.argument("slug", required=False)
def rebuild(slug: str | None) -> None:
    """Make every token of one register, or of all, anew while people go on searching."""
    known = {register.slug: register for register in operations.searched()}
    if slug and slug not in known:
        raise click.ClickException(f"rows of {slug} are not found by tokens; known: {', '.join(known)}")
    for register in [known[slug]] if slug else known.values():
        _rebuild(register)


def _rebuild(register: Register) -> None:
    """One register, told of batch by batch while it goes on."""
    done, wanted = 0, operations.size(register)
    for count in operations.rebuild(register):
        session.commit()
        done += count
        if done < wanted:
            click.echo(f"{register.slug}: {done:,} of {wanted:,} rows")
    session.commit()
    click.echo(f"{register.slug}: {done} rows")
