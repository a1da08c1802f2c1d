"""What `run.py` does inside its environment: one function per command."""

from __future__ import annotations

import argparse

import config
from app.bootstrap import archive, locks, testing, undemo
from app.bootstrap.console import SetupError, complain, say
from app.bootstrap.serve import serve, set_up_only


def run(args: argparse.Namespace) -> int:
    """Carry out the command line of `run.py`; the exit code."""
    try:
        if args.command == "test":
            return testing.run(args.rest, everything=args.all)
        here = config.settings()
        if args.command == "backup":
            return backup(here, args)
        if args.command == "restore":
            return restore(here, args)
        if args.command == "remove-demo":
            return remove_demo(here, args)
        return set_up_only(here, args) if args.command == "setup" else serve(here, args)
    except config.ConfigError as problem:
        return complain(SetupError("配置有误", str(problem)))
    except SetupError as problem:
        return complain(problem)
    except KeyboardInterrupt:
        return complain(SetupError("已中断", "interrupted"))


def backup(here: config.Settings, args: argparse.Namespace) -> int:
    """Write one zip; the portal may go on working."""
    made = archive.backup(here, args.file.resolve())
    say(
        f"已备份到 {args.file}，内含密钥，请妥善保管",
        f"backed up in {len(made.parts)} parts; it holds the keys, so guard it like them",
    )
    return 0


def restore(here: config.Settings, args: argparse.Namespace) -> int:
    """Bring a zip back into an instance that nobody serves."""
    here.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    with locks.alone(here), locks.setting_up(here):
        found = archive.restore(here, args.file, force=args.force)
    say(f"已恢复 {args.file}", f"restored the backup of {found.made_at[:16].replace('T', ' ')} UTC")
    return 0


def remove_demo(here: config.Settings, args: argparse.Namespace) -> int:
    """Take the demo out of an instance that nobody serves."""
    here.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    with locks.alone(here), locks.setting_up(here):
        undemo.remove(here, sure=args.yes)
    say("演示数据已删除", "the demo is gone; what it was lies in instance/backups")
    return 0
