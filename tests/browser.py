"""The portal served on loopback and a real browser in front of it, for tests that click and type."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from waitress.server import create_server

from app.bootstrap import testing

OPTIONS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address of the portal while it is served."""
    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.close()
        thread.join(5)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """The installed browser; its absence fails where no test may be skipped."""
    if (path := testing.browser()) is None:
        assert not os.environ.get("KEZHI_REQUIRE_BROWSER"), "no browser, although one is required"
        pytest.skip("no browser here")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(OPTIONS))
        yield browser
        browser.close()
