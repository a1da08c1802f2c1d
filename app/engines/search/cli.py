"""The index of names from the command line: ``flask search rebuild``."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.core.db import session
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
        total = 0
        for done in operations.rebuild(register):
            session.commit()
            total += done
        session.commit()
        click.echo(f"{register.slug}: {total} rows")
