"""A database that is filled once and copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from tests import postgres


class Copied:
    """What ``fill`` wrote, as often as wanted at one address."""

    def __init__(self, seed: sa.URL, url: sa.URL) -> None:
        self.seed, self.url = seed, url

    @property
    def address(self) -> str:
        """The address with its password, as a configuration takes it."""
        return self.url.render_as_string(hide_password=False)

    def renew(self) -> None:
        """Put a fresh copy there; nobody may be connected to a file."""
        if self.url.get_backend_name() == "postgresql":
            postgres.copy(self.seed, self.url)
            return
        target = Path(self.url.database)
        for left in target.parent.glob(f"{target.name}-*"):
            left.unlink()
        shutil.copy(self.seed.database, target)


@contextmanager
def copied(kind: str, folder: Path, fill: Callable[[sa.URL], None]) -> Iterator[Copied]:
    """A database of the kind that ``fill`` fills; it must leave no connection open."""
    with empty(kind, folder / "seed.db") as seed, empty(kind, folder / "test.db") as url:
        fill(seed)
        yield Copied(seed, url)


@contextmanager
def empty(kind: str, file: Path) -> Iterator[sa.URL]:
    """An empty database of the kind; SQLite's is the file."""
    if kind == "sqlite":
        yield sa.make_url(f"sqlite:///{file}")
        return
    with postgres.fresh_database() as url:
        yield url
