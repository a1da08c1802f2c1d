"""The program of a test process: made once for each kind of database, on which databases come and go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app import create_app, settle
from app.core.db import db, session
from tests import restoring
from tests.copies import Copied, empty

BLANK = "blank"


class Seed(Copied):
    """What a database of the program may hold."""

    def __init__(self, seed: sa.URL, program: Program) -> None:
        super().__init__(seed, program.url)
        self._program = program

    def renew(self) -> None:
        """Put it at the program's address as it was."""
        self._program.lay(self)


class Program:
    """The program at one address. A fixture lays a copy of a seed there, and takes it away before the next one does."""

    def __init__(self, kind: str, folder: Path, kept: ExitStack) -> None:
        self.kind, self.folder, self._kept, self._used = kind, folder, kept, False
        self.url = kept.enter_context(empty(kind, folder / "test.db"))
        self.restores = kind == "postgresql" and restoring.able()
        self._lies: Seed | None = None
        self.blank = Seed(self._place(BLANK), self)
        self._seeds = {BLANK: self.blank}
        self.app = create_app(
            TESTING=True, SQLALCHEMY_DATABASE_URI=self.url.render_as_string(hide_password=False),
            KEZHI_FILES=folder / "files", KEZHI_INSTANCE=folder, FAB_PASSWORD_HASH_METHOD="pbkdf2:sha256:1",
            WTF_CSRF_ENABLED=False,
        )
        settle()
        kept.callback(self._let_go)

    def _place(self, name: str) -> sa.URL:
        """A database for a seed; an empty file is an empty database to SQLite."""
        file = self.folder / f"{name}.db"
        file.touch()
        return self._kept.enter_context(empty(self.kind, file))

    def seed(self, name: str, fill: Callable[[Flask], None], begin: str = BLANK) -> Seed:
        """What ``fill`` makes of another seed, to be copied to the program's address; made when it is first wanted."""
        if name not in self._seeds:
            with self.on(self._seeds[begin]) as app:
                fill(app)
                self._let_go()
                if self.restores:
                    restoring.remember(self.url)
                made = Seed(self._place(name), self)
                Copied(self.url, made.seed).renew()
            self._seeds[name] = self._lies = made
        return self._seeds[name]

    @contextmanager
    def on(self, seed: Copied, **config: Any) -> Iterator[Flask]:
        """The program on a fresh copy of a seed, with a configuration of the block's own."""
        assert not self._used, "another fixture works on this database"
        self._used, before = True, dict(self.app.config)
        self.app.config.update(config)
        try:
            seed.renew()
            yield self.app
        finally:
            self.app.config.clear()
            self.app.config.update(before)
            self.let_go()
            self._used = False

    def lay(self, seed: Seed) -> None:
        """Put what a seed holds at the address; the one that lies there is only put back where that can be done."""
        if self._lies is seed and self.restores:
            restoring.restore(self.url)
            return
        self._let_go()
        self._lies = None
        Copied(seed.seed, self.url).renew()
        self._lies = seed if seed is not self.blank else None

    def let_go(self) -> None:
        """Close what holds the database; connections that may stay do."""
        if self.restores:
            with self.app.app_context():
                session.remove()
        else:
            self._let_go()

    def _let_go(self) -> None:
        with self.app.app_context():
            session.remove()
            db.engine.dispose()


Programs = Callable[[str], Program]


@pytest.fixture(scope="session")
def programs(tmp_path_factory: Any) -> Iterator[Programs]:
    """The program by kind of database."""
    with ExitStack() as kept:
        yield cache(lambda kind: Program(kind, tmp_path_factory.mktemp(kind), kept))
