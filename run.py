#!/usr/bin/env python3
"""客制 Kezhi in one command: python3 run.py [setup | test | backup FILE | restore FILE | remove-demo].

Needs Python 3.11 and nothing else: makes `.venv`, installs the hashed lock into it when the lock has
changed, and starts itself again inside. pip runs out of its own wheel, because a Debian without
python3-venv has no `ensurepip` to put a pip into the environment.
"""

import argparse
import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path
from typing import NoReturn

if sys.version_info < (3, 11):  # this file itself reads with 3.6
    have = ".".join(map(str, sys.version_info[:2]))
    sys.exit("需要 Python 3.11 以上，这里是 %s。 · Kezhi needs Python 3.11 or newer; this is %s." % (have, have))

ROOT = Path(__file__).resolve().parent
VENV = Path(os.environ.get("KEZHI_VENV") or ROOT / ".venv").resolve()
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
PIP = ROOT / "vendor" / "pip-26.3-py3-none-any.whl"
PIP_SHA256 = "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13"


def say(zh: str, en: str) -> None:
    """One line about what happens now."""
    print(f"{zh} · {en}", flush=True)


def parser() -> argparse.ArgumentParser:
    """The command line; without a command the portal is served."""
    root = argparse.ArgumentParser(prog="run.py", description="客制 Kezhi", allow_abbrev=False)
    root.add_argument("--port", type=int, help="端口 · port (8080)")
    root.add_argument("--host", help="地址 · address to listen on (127.0.0.1)")
    root.add_argument("--no-demo", "--empty", action="store_true", help="首次启动不装演示数据 · begin empty, no demo")
    root.add_argument("--reset-demo", action="store_true", help="移开演示库重来 · put the demo aside, start afresh")
    root.add_argument("--yes", action="store_true", help="不再询问 · do not ask")
    commands = root.add_subparsers(dest="command", metavar="setup | test | backup | restore | remove-demo")
    commands.add_parser("setup", help="安装或升级，不提供服务 · set up or upgrade, do not serve")
    tests = commands.add_parser("test", help="运行测试 · run the tests", allow_abbrev=False)
    tests.add_argument("--all", action="store_true", help="包括慢测试 · the slow ones too; more arguments go to pytest")
    backup = commands.add_parser("backup", help="备份 · database, files and keys into one zip")
    backup.add_argument("file", type=Path)
    restore = commands.add_parser("restore", help="恢复 · bring a backup back into an empty instance")
    restore.add_argument("file", type=Path)
    restore.add_argument("--force", action="store_true", help="先移开现有数据 · put what is there aside first")
    remove = commands.add_parser("remove-demo", help="删除演示数据，保留自己的设置 · remove the demo, keep your own")
    remove.add_argument("--yes", action="store_true", default=argparse.SUPPRESS, help="不再询问 · do not ask")
    return root


def parse(argv: list[str]) -> argparse.Namespace:
    """Read the command line; only `test` takes arguments that are not named here."""
    args, rest = parser().parse_known_args(argv)
    args.rest = rest
    if args.rest and args.command != "test":
        parser().error("unknown: " + " ".join(args.rest))
    return args


def works(python: Path) -> bool:
    """Whether an interpreter starts and is new enough; its base Python may have been removed since."""
    probe = "import sys; sys.exit(sys.version_info < (3, 11))"
    try:
        return subprocess.run([str(python), "-c", probe], capture_output=True).returncode == 0
    except OSError:
        return False


def make_venv() -> None:
    """Create `.venv` where there is none that works."""
    if not works(PYTHON):
        say("建立 Python 环境", f"making {VENV}")
        venv.create(VENV, clear=True, symlinks=os.name != "nt")


def install(lock: Path) -> None:
    """Install a lock file, unless its stamp says that exactly this one is installed."""
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    stamp = VENV / (lock.name + ".sha256")
    if stamp.exists() and stamp.read_text() == digest:
        return
    if hashlib.sha256(PIP.read_bytes()).hexdigest() != PIP_SHA256:
        sys.exit(f"{PIP.name} 已损坏，请重新取得程序。 · {PIP.name} is damaged: get the program again.")
    say("安装依赖，首次需要几分钟", f"installing {lock.name}; the first time takes some minutes")
    quiet = ["-qq", "--no-input", "--no-user", "--disable-pip-version-check"]
    command = [str(PYTHON), str(PIP / "pip"), "install", *quiet, "--require-hashes", "-r", str(lock)]
    if subprocess.run(command).returncode:
        sys.exit("安装依赖失败，原因见上。 · The packages could not be installed; the reason stands above.")
    stamp.write_text(digest)


def enter(argv: list[str]) -> NoReturn:
    """Go on inside `.venv`; Windows cannot replace a process, so there it is a child."""
    command = [str(PYTHON), str(ROOT / "run.py"), *argv]
    os.environ["PYTHONUTF8"] = "1"
    if os.name == "nt":
        sys.exit(subprocess.run(command).returncode)
    os.execv(command[0], command)


def main(argv: list[str]) -> int:
    """Prepare the environment, then hand over to the program in it."""
    args = parse(argv)
    make_venv()
    install(ROOT / ("requirements-test.txt" if args.command == "test" else "requirements.txt"))
    if Path(sys.prefix).resolve() != VENV:
        enter(argv)
    from app.bootstrap.main import run  # only here: it needs what was just installed

    return run(args)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
