"""R9: poison amid good traffic. All good conversations are found, all poison is in quarantine."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from torture.hooks import hooks, poison
from torture.portal import PortalUnderTest
from torture.report import Report


def run(folder: Path, seed: int, *, good: int, bad: int) -> Report:
    """Send good and bad hooks mixed from eight clients."""
    portal = PortalUnderTest(folder)
    portal.start()
    sound = hooks(seed, good)
    step = max(1, good // bad)
    bodies = [one.body for one in sound]
    for place, body in enumerate(poison(seed, bad)):
        bodies.insert(place * (step + 1), body)
    with ThreadPoolExecutor(8) as clients:
        answers = list(clients.map(portal.post, bodies))
    caught_up = portal.wait_until_searchable(60)
    total = portal.search(per_page="1")["total"]
    state = sqlite3.connect(folder / "state.db")
    quarantine = state.execute("SELECT reason FROM quarantine").fetchall()
    state.close()
    report = Report(f"R9 poison, seed {seed}, {good} good hooks, {bad} bad ones")
    report.figure("search caught up after s", caught_up if caught_up is not None else -1.0)
    report.check("every hook is answered with 200", set(answers) == {200})
    report.check("search caught up", caught_up is not None)
    report.check("every good one is found", total == len({one.conversation for one in sound}))
    report.check("every bad one is in quarantine", len(quarantine) == bad)
    report.check("each with a reason", all(reason for (reason,) in quarantine))
    report.check("the portal ended in order", portal.stop() == 0)
    return report
