"""The small company of ``tests.portal`` on both databases, for tests of administration."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from app import create_app
from app.core.db import Model, db, session
from app.engines.calendar.operations import seed_calendar
from app.engines.people import operations as people
from app.engines.policy.operations import load_packs
from tests.portal import name_posts, seed
from tests.small import DATABASES, fresh_database


@pytest.fixture(scope="module", params=DATABASES)
def company(request: Any, tmp_path_factory: Any) -> Iterator[Flask]:
    """The application with its company; the tests of a module share it."""
    folder = tmp_path_factory.mktemp("both")
    with fresh_database(request.param, folder) as url:
        made = create_app(
            TESTING=True, SQLALCHEMY_DATABASE_URI=url.render_as_string(hide_password=False), KEZHI_FILES=folder,
            KEZHI_INSTANCE=folder, FAB_PASSWORD_HASH_METHOD="pbkdf2:sha256:1", WTF_CSRF_ENABLED=False,
        )
        with made.app_context():
            Model.metadata.create_all(db.engine)
            people.sync_roles()
            load_packs()
            seed_calendar()
            seed()
            session.commit()
            session.remove()
        name_posts()
        yield made
        with made.app_context():
            session.remove()
            db.engine.dispose()
