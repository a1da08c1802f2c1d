"""The database's schema in steps: where Alembic keeps them, and `flask db` to write one or go to one."""

from __future__ import annotations

from pathlib import Path

import alembic.command
import click
from alembic.config import Config
from flask.cli import AppGroup

FOLDER = Path(__file__).resolve().parents[2] / "migrations"

commands = AppGroup("db", help="The database's schema: write a revision, go to one, see where it is.")


def alembic_config(folder: Path = FOLDER) -> Config:
    """What Alembic's commands ask for."""
    described = Config(str(folder / "alembic.ini"))
    described.set_main_option("script_location", str(folder).replace("%", "%%"))
    return described


@commands.command("revision")
@click.option("--autogenerate", is_flag=True, help="Write the steps that lead from the database to the models.")
@click.option("-m", "--message", required=True, help="What changes.")
def revision(autogenerate: bool, message: str) -> None:
    """Write a new revision file; the database must stand at the newest one."""
    alembic.command.revision(alembic_config(), message=message, autogenerate=autogenerate)


@commands.command("upgrade")
@click.argument("target", default="head")
def upgrade(target: str) -> None:
    """Bring the database to a revision."""
    alembic.command.upgrade(alembic_config(), target)


@commands.command("downgrade")
@click.argument("target")
def downgrade(target: str) -> None:
    """Take the database back to a revision."""
    alembic.command.downgrade(alembic_config(), target)


@commands.command("current")
def current() -> None:
    """The revision that the database is at."""
    alembic.command.current(alembic_config())


@commands.command("check")
def check() -> None:
    """Fail if the models ask for a revision that is not written yet."""
    alembic.command.check(alembic_config())
