"""Health checks: the process lives, and whether archive and search can do their work."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from web_world import WebWorld, hook, portal, said, until


@pytest.fixture(name="web")
def _web(tmp_path: Path) -> Iterator[WebWorld]:
    with portal(tmp_path) as world:
        yield world


def test_the_process_lives(web: WebWorld) -> None:
    answer = web.get("/livez")
    assert (answer.status_code, answer.text) == (200, "alive\n")


def test_the_portal_is_not_ready_before_its_first_index(web: WebWorld) -> None:
    answer = web.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["ready"] is False
    assert answer.json()["search"] != "ok"


def test_the_portal_is_ready_once_archive_and_search_work(web: WebWorld) -> None:
    web.settle()
    answer = web.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "archive": "ok", "search": "ok", "behind": 0}


def test_hooks_that_search_does_not_know_yet_are_counted(web: WebWorld) -> None:
    web.settle()
    web.receive(hook(1, said("secretword")), hook(2, said("secretword")))
    assert web.get("/readyz").json()["behind"] == 2
    web.settle()
    until(lambda: web.get("/readyz").json()["behind"] == 0, "search has caught up")


def test_health_checks_name_no_conversation(web: WebWorld) -> None:
    web.receive(hook("secretchannel", said("secretword"), visitor={"name": "Secret Name"}))
    web.settle()
    told = web.get("/readyz").text + web.get("/livez").text
    assert "ecret" not in told
    assert web.tokens.ensure() not in told
