"""Migrations go up, down and up again on both databases, and end at what the models say."""

from __future__ import annotations

import warnings

import alembic.command
import pytest

from app import create_app
from app.bootstrap.database import alembic_config
from app.core.db import db
from tests.small import DATABASES, fresh_database


@pytest.mark.parametrize("kind", DATABASES)
def test_up_down_up(kind, tmp_path):
    with fresh_database(kind, tmp_path) as url:
        app = create_app(TESTING=True, SQLALCHEMY_DATABASE_URI=url.render_as_string(hide_password=False))
        with app.app_context(), warnings.catch_warnings():
            warnings.filterwarnings("ignore", "autogenerate skipping|Skipped unsupported reflection")
            config = alembic_config()
            alembic.command.upgrade(config, "head")
            alembic.command.downgrade(config, "base")
            alembic.command.upgrade(config, "head")
            alembic.command.check(config)
            db.engine.dispose()
