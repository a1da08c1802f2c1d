from types import SimpleNamespace

import pytest

from app.bootstrap import testing


@pytest.fixture
def pytest_command(monkeypatch):
    commands = []
    monkeypatch.setattr(
        testing.subprocess, "run", lambda command, **_: commands.append(command[3:]) or SimpleNamespace(returncode=3)
    )
    monkeypatch.setattr(testing, "missing_groups", lambda: ["postgres"])
    return commands


def test_the_usual_run_leaves_the_slow_group_out_and_says_so(pytest_command, capsys):
    assert testing.run(["-k", "due"], everything=False) == 3
    assert pytest_command == [["-n", "2", "--dist", "worksteal", "-m", "not slow", "-k", "due"]]
    assert capsys.readouterr().out == "not run: slow, postgres\n"


def test_everything_is_everything_that_this_machine_can(pytest_command, capsys):
    testing.run([], everything=True)
    assert pytest_command == [["-n", "2", "--dist", "worksteal"]]
    assert capsys.readouterr().out == "not run: postgres\n"


def test_groups_are_missing_with_their_tools(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("KEZHI_BROWSER", raising=False)
    monkeypatch.delenv("KEZHI_TEST_DATABASE_URL", raising=False)
    monkeypatch.setattr(testing.importlib.util, "find_spec", lambda name: None)
    assert testing.missing_groups() == ["browser", "postgres"]
    monkeypatch.setenv("KEZHI_BROWSER", "/opt/browser")
    monkeypatch.setenv("KEZHI_TEST_DATABASE_URL", "postgresql://db/test")
    assert testing.missing_groups() == []
