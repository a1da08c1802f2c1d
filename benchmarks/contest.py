"""One page of one contestant, measured on demand by whoever started this process; needs nothing but Python."""

import json
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent


def answer(get, statements, status=lambda: 200):
    """For every ``[path, times]`` on stdin one line of JSON.

    It holds the seconds of each call by the clock and of the processor; bytes, statements and status of one call.
    """
    print("ready", flush=True)
    for asked in sys.stdin:
        path, times = json.loads(asked)
        before = len(statements)
        body = get(path)
        sent, told = len(statements) - before, status()
        took, cpu = [], []
        for _ in range(times):
            began, ran = time.perf_counter(), time.process_time()
            get(path)
            took.append(time.perf_counter() - began)
            cpu.append(time.process_time() - ran)
        found = {"took": took, "cpu": cpu, "bytes": len(body), "statements": sent, "status": told}
        print(json.dumps(found), flush=True)
