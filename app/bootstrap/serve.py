"""Serve the portal in this process, together with the scheduler of the sweeps."""

from __future__ import annotations

import argparse
import socket
from contextlib import suppress
from typing import Any

from flask import Flask
from waitress.server import create_server

from app.bootstrap import demo, locks, resting
from app.bootstrap.console import SetupError, say
from app.bootstrap.setup import ensure_keys, set_up
from app.bootstrap.steps import SCHEDULER, call
from config import Settings

THREADS = 8


def serve(here: Settings, args: argparse.Namespace) -> int:
    """Set up what is missing, then answer requests until Ctrl+C; the exit code."""
    host, port = args.host or here.host, args.port or here.port
    here.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    say("客制正在启动", "Kezhi is starting")
    with locks.alone(here):
        refuse_taken(host, port)
        with locks.setting_up(here):
            app = prepare(here, host, args)
        anew = listen(app, here, host, port)
    if anew:
        resting.start_anew()
    return 0


def set_up_only(here: Settings, args: argparse.Namespace) -> int:
    """Set up or upgrade what other processes will serve; the exit code."""
    here.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    with locks.alone(here), locks.setting_up(here):
        prepare(here, args.host or here.host, args)
    say("安装完成", "set up")
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


def listen(app: Flask, here: Settings, host: str, port: int) -> bool:
    """Open the port, start the scheduler and say where to sign in; whether the program is to begin anew.

    A screen may ask for work that needs the database alone: then the port answers 503 while it is done.
    """
    channels: dict[int, Any] = {}
    try:
        server = create_server(app, map=channels, host=host, port=port, threads=THREADS)
    except OSError as problem:
        raise _unusable(host, port, problem) from problem
    asked, scheduler = resting.offer(app, here), call(SCHEDULER, app)
    with app.app_context():
        demo.show_accounts(here)
    with suppress(KeyboardInterrupt):
        say("客制已就绪，按 Ctrl+C 停止", f"Kezhi is ready at http://{_shown(host)}:{port}  (Ctrl+C stops it)")
        resting.answer(server, asked, channels)
    if not asked.due:
        server.task_dispatcher.shutdown()
        return False
    scheduler.shutdown(wait=True)
    resting.let_go(app)
    resting.carry_out(here, asked, host, port)
    return True


def refuse_taken(host: str, port: int) -> None:
    """Say that the address is taken before anything is set up, not after."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as problem:
            raise _unusable(host, port, problem) from problem


def _unusable(host: str, port: int, problem: OSError) -> SetupError:
    where = f"{_shown(host)}:{port}"
    return SetupError(
        f"无法在 {where} 上提供服务（{problem.strerror}），请用 --port 换一个端口",
        f"{where} cannot be used ({problem.strerror}): choose another port with --port",
    )


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
