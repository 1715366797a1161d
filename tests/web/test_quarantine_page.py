"""The page of the quarantine: reasons, bytes that cannot act, repeats, and reading again."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from web_world import OURS, WebWorld, full_portal, hook, indexer_at_work, name_of, said, until

from app.archive.state import StateWriter, Unread
from app.web.quarantine_view import MOST_BYTES, PER_PAGE

BROKEN: Final = b'{"broken": "<img src=x onerror=alert(1)>", \x00\x1b[31m "\xff\xfe'


@pytest.fixture(name="web", scope="module")
def _web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebWorld]:
    bodies = [hook(1, said("fine")), BROKEN, b"", b"[1]", b"x" * (MOST_BYTES * 2 + 5), BROKEN]
    with full_portal(tmp_path_factory.mktemp("quarantine"), *bodies) as world:
        yield world


def _replay(web: WebWorld, **form: str) -> str:
    answer = web.ask("POST", "/quarantine/replay", headers=OURS, data=form)
    assert answer.status_code == 303
    return str(answer.headers["location"])


def test_every_hook_stands_there_with_its_reason_the_latest_first(web: WebWorld) -> None:
    page = web.page("/quarantine")
    assert page.one("h1").text == "4 hooks in quarantine"
    rows = page.one("tbody").all("tr")
    assert [row.one("th").one("a")["href"] for row in rows] == [
        "/quarantine/5", "/quarantine/4", "/quarantine/3", "/quarantine/2",
    ]  # fmt: skip
    reasons = [row.all("td")[1].text for row in rows]
    assert "The body is empty." in reasons[2]
    assert "no object: a list" in reasons[1]
    assert all("Could not be read" in reason for reason in reasons)


def test_a_body_that_came_again_says_how_often(web: WebWorld) -> None:
    rows = web.page("/quarantine").one("tbody").all("tr")
    assert "2 times" in rows[3].all("td")[0].text
    assert "once" in rows[2].all("td")[0].text


def test_the_header_counts_them_on_every_page(web: WebWorld) -> None:
    for address in ("/", "/help/search", "/quarantine"):
        assert "Quarantine (4)" in web.page(address).one("nav", "nav").text


def test_an_empty_quarantine_is_not_in_the_header(tmp_path: Path) -> None:
    with full_portal(tmp_path, hook(1, said("fine"))) as web:
        assert "Quarantine" not in web.page("/").one("nav", "nav").text
        page = web.page("/quarantine")
        assert page.one("h1").text == "0 hooks in quarantine"
        assert not page.has("form", action="/quarantine/replay")


def test_bytes_are_shown_so_that_nothing_of_them_acts(web: WebWorld) -> None:
    page = web.page("/quarantine/2")
    text, hexed = (one.raw_text for one in page.all("pre"))
    assert "<img src=x onerror=alert(1)>" in text
    assert not page.has("img")
    assert "␀␛[31m" in text
    assert "\x1b" not in text
    assert "ff fe" in hexed
    assert hexed.startswith("00000000  7b 22 62 72")


def test_an_empty_body_has_a_page_too(web: WebWorld) -> None:
    assert "The body is empty." in web.page("/quarantine/3").one("dl", "strip").text


def test_long_bytes_come_in_stretches_that_lead_to_each_other(web: WebWorld) -> None:
    address, sizes = "/quarantine/5", []
    while True:
        page = web.page(address)
        sizes.append(len(page.all("pre")[0].raw_text))
        later = [a for a in page.all("a") if "Later bytes" in a.text]
        if not later:
            break
        address = later[0]["href"]
    assert sizes == [MOST_BYTES, MOST_BYTES, 5]
    back = next(a for a in page.all("a") if "Earlier bytes" in a.text)["href"]
    assert len(web.page(back).all("pre")[0].raw_text) == MOST_BYTES


@pytest.mark.parametrize("offset", ["0", "99999999", "-1", "x", "17"])
def test_an_offset_that_is_nonsense_shows_some_stretch(web: WebWorld, offset: str) -> None:
    assert web.get(f"/quarantine/5?from={offset}").status_code == 200


def test_the_bytes_can_be_had_as_they_came_and_no_browser_opens_them(web: WebWorld) -> None:
    answer = web.get("/quarantine/2/bytes")
    assert answer.content == BROKEN
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("number", ["1", "6", "0", "-2", "x", "99999999999", "2/3"])
def test_a_hook_that_is_not_in_quarantine_has_no_page_there(web: WebWorld, number: str) -> None:
    assert web.get(f"/quarantine/{number}").status_code == 404
    assert web.get(f"/quarantine/{number}/bytes").status_code == 404


def test_reading_again_leaves_what_cannot_be_read(web: WebWorld) -> None:
    with indexer_at_work(web):
        location = _replay(web)
        assert location == "/quarantine?left=4"
        assert "Read again. 4 could still not be read." in web.page(location).one("main").text


def test_one_hook_alone_can_be_read_again(web: WebWorld) -> None:
    with indexer_at_work(web):
        assert _replay(web, hook="3") == "/quarantine?left=4"


@pytest.mark.parametrize("subject", ["x", "-1", "1; DROP TABLE hooks"])
def test_reading_nonsense_again_is_refused(web: WebWorld, subject: str) -> None:
    answer = web.ask("POST", "/quarantine/replay", headers=OURS, data={"hook": subject})
    assert answer.status_code == 404


def test_what_can_be_read_now_leaves_the_quarantine(tmp_path: Path) -> None:
    with full_portal(tmp_path, hook(1, said("hello")), b"{") as web:
        state = StateWriter(tmp_path, web.indexer._reader.hooks.archive_id())
        state.refuse([Unread(1, "refused", "The engine refused it.")])
        state.close()
        rows = web.page("/quarantine").one("tbody").all("tr")
        assert rows[1].all("td")[1].one("a")["href"] == f"/conversations/{name_of(1)}"
        with indexer_at_work(web):
            assert _replay(web, hook="1") == "/quarantine?left=1"
            until(lambda: web.api("/search?q=hello")["total"] == 1, "it is found again")


def test_the_reading_goes_on_when_the_indexer_is_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.web.quarantine.PATIENCE", 0.05)
    with full_portal(tmp_path, b"{") as web:
        assert _replay(web) == "/quarantine?left=1"


def test_many_hooks_fill_several_pages(tmp_path: Path) -> None:
    with full_portal(tmp_path, *(b"%d" % n for n in range(PER_PAGE + 3))) as web:
        first = web.page("/quarantine")
        assert len(first.one("tbody").all("tr")) == PER_PAGE
        older = next(a for a in first.all("a") if a.text == "Older")["href"]
        second = web.page(older)
        assert len(second.one("tbody").all("tr")) == 3
        assert next(a for a in second.all("a") if a.text == "Newer")["href"] == "/quarantine"
        assert "There is no such page" in web.page("/quarantine?page=77").one("main").text
