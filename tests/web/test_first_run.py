"""The page while no hook has ever come: the address to give away, a command to try, demo data."""

import json
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from web_world import OURS, WebWorld, portal


@pytest.fixture(name="empty", scope="module")
def _empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebWorld]:
    with portal(tmp_path_factory.mktemp("empty"), public_url="http://localhost:8000/") as world:
        yield world


@pytest.fixture(name="web")
def _web(tmp_path: Path) -> Iterator[WebWorld]:
    """An empty portal that a test may fill."""
    with portal(tmp_path) as world:
        yield world


@pytest.mark.parametrize("address", ["/", "/search", "/search?q=hello&rating=bad"])
def test_an_empty_portal_waits_for_the_first_conversation(empty: WebWorld, address: str) -> None:
    page = empty.page(address)
    assert page.one("h1").text == "Waiting for the first conversation"


def test_the_address_that_is_shown_takes_hooks(web: WebWorld) -> None:
    address = web.page("/").one("input", id="hook")["value"]
    assert address.startswith("http://127.0.0.1:8000/hooks/smartsupp/")
    assert web.ask("POST", address, content=b"{}").status_code == 200


def test_the_address_is_the_public_one_where_there_is_one(empty: WebWorld) -> None:
    address = empty.page("/").one("input", id="hook")["value"]
    assert address == f"http://localhost:8000/hooks/smartsupp/{empty.tokens.ensure()}"


def test_the_mails_to_the_vendor_hold_the_address(empty: WebWorld) -> None:
    page = empty.page("/")
    address = page.one("input", id="hook")["value"]
    mails = [one.one("pre") for one in page.all("details", "mail")]
    assert [mail["lang"] for mail in mails] == ["en", "cs", "de"]
    assert all(address in mail.raw_text.splitlines() for mail in mails)


def test_the_newest_of_two_addresses_is_shown(empty: WebWorld) -> None:
    newest = empty.tokens.renew()
    assert empty.page("/").one("input", id="hook")["value"].endswith(f"/{newest}")


def test_the_command_sends_a_conversation_that_is_found(web: WebWorld) -> None:
    command = shlex.split(web.page("/").one("pre", **{"aria-label": "Command"}).raw_text)
    assert command[0] == "curl"
    address = next(word for word in command if word.startswith("http"))
    body = next(word for word in command if "accountId" in word)
    assert web.ask("POST", address, content=body.encode()).status_code == 200
    web.settle()
    spoken = json.loads(body)["messages"][0]["content"]
    (found,) = web.api("/search")["results"]
    assert spoken == found["snippets"][0]["parts"][0]["text"]


def test_every_sample_that_is_offered_can_be_sent_as_a_hook(web: WebWorld) -> None:
    samples = [one["href"] for one in web.page("/").all("a") if one.get("download") is not None]
    assert samples
    for address in samples:
        web.send(web.get(address).content)
    web.settle()
    assert web.api("/search")["total"] == len(samples)


def test_after_the_first_hook_there_are_results_instead(web: WebWorld) -> None:
    web.send(b"unreadable, but a hook")
    web.settle()
    assert web.page("/").one("h1").text == "No conversations yet"


def test_the_button_loads_the_demo_data(web: WebWorld) -> None:
    form = web.page("/").one("form", action="/demo")
    assert form["method"] == "post"
    web.ask(form["method"].upper(), form["action"], headers=OURS)
    web.settle()
    assert web.page("/").all("span", "demo")[0].text == "Demo"


def test_other_pages_work_while_the_portal_is_empty(empty: WebWorld) -> None:
    assert empty.page("/help/search").one("h1").text == "Search words"
    empty.page("/conversations/208-1-1794819600000", 404)


def test_the_footer_says_that_no_hook_has_come(web: WebWorld) -> None:
    assert "No hook received yet" in web.page("/").one("footer").text
    web.send(b"{}")
    web.settle()
    assert "Last hook received" in web.page("/").one("footer").text
