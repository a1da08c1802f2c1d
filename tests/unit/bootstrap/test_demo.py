import pytest

from app.bootstrap import demo, setup
from app.bootstrap.console import SetupError, table


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.0.1", "localhost", "::1"])
def test_loopback_may_serve_the_demo(filled, host):
    demo.refuse_open_host(filled, host, wanted=True)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "::", "kezhi.example.com"])
@pytest.mark.parametrize("wanted", [True, False])
def test_a_database_with_the_demo_is_not_served_to_others(filled, host, wanted):
    with pytest.raises(SetupError, match="for this machine only"):
        demo.refuse_open_host(filled, host, wanted=wanted)


def test_a_first_start_on_an_open_host_must_decline_the_demo(here, portal, calls):
    with pytest.raises(SetupError, match="--no-demo"):
        demo.refuse_open_host(here, "0.0.0.0", wanted=True)
    demo.refuse_open_host(here, "0.0.0.0", wanted=False)


def test_a_database_without_the_demo_is_served_anywhere(here, portal, calls):
    setup.ensure_keys(here)
    setup.set_up(portal(), here, demo_wanted=False)
    demo.refuse_open_host(here, "0.0.0.0", wanted=True)


def test_reset_puts_database_and_attachments_aside_and_keeps_the_keys(filled):
    demo.reset(filled, sure=True)
    (aside,) = (filled.instance / "backups").iterdir()
    assert {"kezhi.db", "files"} <= {p.name for p in aside.iterdir()}
    assert not filled.sqlite_file.exists()
    assert not filled.files.exists()
    assert filled.keys.exists()


def test_reset_asks_and_without_a_terminal_takes_no_for_the_answer(filled):
    with pytest.raises(SetupError, match="not confirmed"):
        demo.reset(filled, sure=False)
    assert filled.sqlite_file.exists()


def test_reset_leaves_real_data_alone(here, portal, calls):
    setup.ensure_keys(here)
    setup.set_up(portal(), here, demo_wanted=False)
    with pytest.raises(SetupError, match="holds no demo"):
        demo.reset(here, sure=True)


def test_reset_of_nothing_is_nothing(here):
    demo.reset(here, sure=True)


def test_the_accounts_are_shown_with_their_password(filled, capsys):
    demo.show_accounts(filled)
    shown = capsys.readouterr().out
    assert (filled.instance / "demo.txt").read_text().strip() in shown
    assert "li.na  李娜  客服专员  上海分公司" in shown
    assert (filled.instance / "demo.txt").stat().st_mode & 0o777 == 0o600


def test_columns_line_up_under_chinese_text():
    assert table([("a", "李娜", "x"), ("bcd", "Li", "y")]) == "  a    李娜  x\n  bcd  Li    y"
