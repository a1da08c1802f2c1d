"""Screens beside the lists over 100,000 complaints: time on the server, statements, size of the HTML.

Run: python benchmarks/screens.py [--sqlite] [--cpu] [--rows=N] [postgresql://…]; see README.md.
"""

import sys

import figures
import list as lists

ROUNDS, CALLS = 4, 8
SIZE, STATEMENTS = 90, 25
CASE = lists.ROWS // 10 * 10
SCREENS = {
    "workbench": "/", "approvals": "/approvals/", "notices": "/notices/", "profile": "/profile/",
    "dashboard without figures": "/dashboard/", "reports": "/reports/", "calculators": "/calculator/",
    "policies": "/policy/", "a policy": "/policy/B02", "adoption": "/adoption/", "imports": "/imports/",
    "changes of many rows": "/bulk/", "views": "/views/complaint", "search": "/find?q=爆板",
    "form of a complaint": "/complaint/add", "export asked for": "/exports/customer", "customer": "/customer/1",
    "a complaint in hand": f"/complaint/{CASE}", "customers": "/customer/", "employees": "/employee/",
}


def measure(database):
    lists.seed(database)
    url = database.copy("seed", "screens")
    with lists.contestant(sys.executable, "list.py", "--serve", url, "songzhiwei", "--any") as ours:
        told = {label: ours(path, 1) for label, path in SCREENS.items()}
        open_ = [label for label, answer in told.items() if answer["status"] == 200]
        taken = {label: min(lists.p50(ours(SCREENS[label], CALLS)) for _round in range(ROUNDS)) for label in open_}
    figures.title(f"{database.name}: screens at {lists.ROWS:,} complaints (p50 of the best of {ROUNDS} rounds)")
    for label in open_:
        figures.line(label, taken[label], limit=lists.ELSEWHERE[database.name])
        figures.line(f"  its statements (limit {STATEMENTS})", told[label]["statements"], "", limit=STATEMENTS)
        figures.line(f"  its size (limit {SIZE} KiB)", told[label]["bytes"] / 1024, "KiB", limit=SIZE)
    if closed := sorted(set(SCREENS) - set(open_)):
        print(f"not open to the one who asks: {', '.join(closed)}")


def main():
    with figures.databases(sys.argv[1:]) as found:
        for database in found:
            measure(database)
    return figures.done()


if __name__ == "__main__":
    sys.exit(main())
