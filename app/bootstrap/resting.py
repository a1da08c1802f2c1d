"""The portal at rest: a page that says so in its place, the work that was asked for, and a fresh start."""

from __future__ import annotations

import html
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from flask import Flask
from waitress import wasyncore
from waitress.server import create_server

from app.bootstrap import console, locks, undemo
from app.bootstrap.console import SetupError
from app.core import upkeep
from app.core.db import db, session
from app.core.upkeep import Upkeep, Work
from config import ROOT, Settings

REMOVE_DEMO = "remove-demo"
PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="/static/kezhi/kezhi.css">
<script type="module" src="/static/kezhi/upkeep.js"></script>
<title>维护中 · Maintenance</title>
<body class="p-4"><h1>维护中，请稍候 · Maintenance, please wait</h1><ul>%s</ul></body></html>"""
BESIDE = {"/static/kezhi/kezhi.css": "text/css", "/static/kezhi/upkeep.js": "text/javascript"}
HEADERS = [("Cache-Control", "no-store"), ("Content-Security-Policy", "default-src 'self'")]
log = logging.getLogger(__name__)


def offer(app: Flask, here: Settings) -> Upkeep:
    """What this process can be asked for by its screens."""
    made = Upkeep({REMOVE_DEMO: Work(undemo.hindrances, lambda: undemo.remove(here, sure=True))})
    upkeep.offer(app, made)
    return made


def answer(server: Any, asked: Upkeep, channels: dict[int, Any]) -> None:
    """Answer requests until work is due; then what is being answered ends, and the port is free."""
    while not asked.due:
        wasyncore.loop(timeout=0.5, map=channels, count=1)
    server.task_dispatcher.shutdown()
    wasyncore.close_all(channels)


def let_go(app: Flask) -> None:
    """Close what the application holds of its database."""
    with app.app_context():
        session.remove()
        db.engine.dispose()


def carry_out(here: Settings, asked: Upkeep, host: str, port: int) -> None:
    """Do the work behind a page that says so, and keep how it ended."""
    error = ""
    with _page(host, port) as said:
        try:
            with locks.setting_up(here):
                asked.works[asked.wanted].carry_out()
        except SetupError as problem:
            error = str(problem)
        except Exception as fault:
            log.exception("%s broke off", asked.wanted)
            error = f"{type(fault).__name__}: {fault}"
        upkeep.tell(here.instance, asked.wanted, error, said)


@contextmanager
def _page(host: str, port: int) -> Iterator[list[str]]:
    """Answer everybody with 503 and what has been done so far, which is also said at the console."""
    said: list[str] = []

    def respond(environ: Any, start: Any) -> list[bytes]:
        if kind := BESIDE.get(environ["PATH_INFO"]):
            start("200 OK", [("Content-Type", kind), *HEADERS])
            return [(ROOT / "app" / environ["PATH_INFO"].lstrip("/")).read_bytes()]
        lines = "".join(f"<li>{html.escape(line)}</li>" for line in said)
        kind = "text/html; charset=utf-8"
        start("503 Service Unavailable", [("Content-Type", kind), ("Retry-After", "10"), *HEADERS])
        return [(PAGE % lines).encode()]

    channels: dict[int, Any] = {}
    server, over = create_server(respond, map=channels, host=host, port=port, threads=2), threading.Event()

    def serve() -> None:
        while not over.is_set():
            wasyncore.loop(timeout=0.2, map=channels, count=1)
        server.task_dispatcher.shutdown()
        wasyncore.close_all(channels)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        with console.heard(said):
            yield said
    finally:
        over.set()
        thread.join(10)


def start_anew() -> NoReturn:
    """Begin this program afresh, since nothing that it remembers may outlast its database."""
    arguments = [one for one in sys.argv[1:] if one != "--reset-demo"]
    command = [sys.executable, str(ROOT / "run.py"), *arguments]
    if os.name == "nt":
        sys.exit(subprocess.run(command).returncode)
    os.execv(command[0], command)  # noqa: S606 -- the same interpreter and program, no words of anybody else
