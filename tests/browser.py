"""The portal served on loopback and a real browser in front of it, for tests that click and type."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from waitress import wasyncore
from waitress.server import create_server

from app.bootstrap import testing

OPTIONS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address of the portal while it is served."""
    channels: dict[int, Any] = {}
    server = create_server(app, map=channels, host="127.0.0.1", port=0, threads=4)
    stop = threading.Event()
    thread = threading.Thread(target=_serve, args=(server, channels, stop), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        stop.set()
        thread.join(10)


def _serve(server: Any, channels: dict[int, Any], stop: threading.Event) -> None:
    """Answer until told to stop: then what is being answered ends before the sockets close."""
    while not stop.is_set():
        wasyncore.loop(timeout=0.1, map=channels, count=1)
    server.task_dispatcher.shutdown()
    wasyncore.close_all(channels)


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
