"""Personal data from the command line: ``flask privacy reencrypt``."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.core.db import session
from app.engines.privacy import rotation

commands = AppGroup("privacy", help="Personal data: move it to another data key.")


@commands.command("reencrypt")
def reencrypt() -> None:
    """Write every stored value anew under the active data key; older keys can then be dropped."""
    total = 0
    while done := rotation.reencrypt():
        session.commit()
        total += done
    click.echo(f"{total} values were written under the active key")
