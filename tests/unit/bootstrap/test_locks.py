import threading

import pytest

from app.bootstrap import locks
from app.bootstrap.console import SetupError


def overlap(here) -> int:
    """The most that were inside the set-up lock at once, of four that try."""
    inside, most = [], []

    def enter():
        with locks.setting_up(here):
            inside.append(1)
            most.append(len(inside))
            threading.Event().wait(0.05)
            inside.pop()

    threads = [threading.Thread(target=enter) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(most) == 4
    return max(most)


def test_one_set_up_at_a_time_on_sqlite(here):
    assert overlap(here) == 1


def test_a_second_server_on_sqlite_is_refused(here):
    with locks.alone(here), pytest.raises(SetupError, match="another Kezhi runs"), locks.alone(here):
        pass
    with locks.alone(here):
        pass
