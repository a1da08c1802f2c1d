"""Serve the portal in this process, together with the scheduler of the sweeps."""

from __future__ import annotations

import argparse
from contextlib import suppress

from flask import Flask
from waitress.server import create_server

from app.bootstrap import demo, locks
from app.bootstrap.console import SetupError, say
from app.bootstrap.setup import ensure_keys, set_up
from app.bootstrap.steps import SCHEDULER, call
from config import Settings

THREADS = 8


def serve(here: Settings, args: argparse.Namespace) -> int:
    """Set up what is missing, then answer requests until Ctrl+C; the exit code."""
    host, port = args.host or here.host, args.port or here.port
    here.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    with locks.alone(here):
        with locks.setting_up(here):
            app = prepare(here, host, args)
        listen(app, here, host, port)
    return 0


def prepare(here: Settings, host: str, args: argparse.Namespace) -> Flask:
    """A portal whose keys, database and data are as this program needs them."""
    from app import create_app  # only here: it reads keys that may have to be made first

    if args.reset_demo:
        demo.reset(here, sure=args.yes)
    demo.refuse_open_host(here, host, wanted=not args.no_demo)
    ensure_keys(here)
    app = create_app()
    set_up(app, here, demo_wanted=not args.no_demo)
    return app


def listen(app: Flask, here: Settings, host: str, port: int) -> None:
    """Open the port, start the scheduler and say where to sign in."""
    try:
        server = create_server(app, host=host, port=port, threads=THREADS)
    except OSError as problem:
        raise SetupError(
            f"端口 {port} 无法使用（{problem.strerror}），请用 --port 换一个",
            f"port {port} cannot be used ({problem.strerror}): choose another with --port",
        ) from problem
    call(SCHEDULER, app)
    with app.app_context():
        demo.show_accounts(here)
    with suppress(KeyboardInterrupt):
        say("客制已就绪，按 Ctrl+C 停止", f"Kezhi is ready at http://{_shown(host)}:{port}  (Ctrl+C stops it)")
        server.run()


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
