"""Taking a conversation along: text, Markdown, quotes, every hook byte for byte."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from web_world import BEGIN, MINUTE, WebWorld, answered, full_portal, happened, hook, name_of, said

MARKUP: Final = (
    "# no *head* <b>[x](javascript:y)</b>\n- no list\n1. no number\n`code` ~a~ | b & \\c"
)
TALK: Final = hook(
    7,
    said("Good morning\nhow are you?", BEGIN),
    happened("agent.join", BEGIN + 1000, "Jo"),
    answered("fine\u202e", BEGIN + MINUTE + 7000),
    {"type": "agent", "from": "system", "name": "", "triggeredBy": "Hi", "content": MARKUP},
    visitor={"name": "Eva *N*", "email": "eva@shop.example", "countryCode": "CZ"},
    rating=1,
    ratingDesc="slow",
    isChat=True,
    duration=61,
)
ID: Final = name_of(7)


@pytest.fixture(name="web", scope="module")
def _web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebWorld]:
    with full_portal(
        tmp_path_factory.mktemp("along"), TALK, time_zone=ZoneInfo("Europe/Prague")
    ) as world:
        yield world


def file_of(web: WebWorld, kind: str) -> str:
    answer = web.get(f"/conversations/{ID}/transcript.{kind}")
    assert answer.status_code == 200
    return answer.text


def test_the_text_tells_facts_then_every_message_with_who_and_when(web: WebWorld) -> None:
    assert file_of(web, "txt") == (
        "Conversation: 7\n"
        f"Address: http://127.0.0.1:8000/conversations/{ID}\n"
        "Visitor: Eva *N*\n"
        "Started: Monday 16 November 2026 at 10:00 (Europe/Prague)\n"
        "Duration: 1 min 1 s\n"
        "First response: none sent\n"
        "Average response: none sent\n"
        "Outcome: Chat\n"
        "Rating: Bad “slow”\n"
        "Country: Czechia\n"
        "Email: eva@shop.example\n"
        "Place: Czechia\n"
        "\n"
        "Eva *N* (Visitor), 16 Nov 2026, 10:00:00:\nGood morning\nhow are you?\n"
        "\n"
        "* Jo joined, 16 Nov 2026, 10:00:01\n"
        "\n"
        "Jonas Muster (Agent), 16 Nov 2026, 10:01:07:\nfine⟨U+202E⟩\n"
        "\n"
        "Automatic (Trigger “Hi”), no time:\n" + MARKUP + "\n"
    )


def test_in_markdown_nothing_that_was_sent_is_markup(web: WebWorld) -> None:
    text = file_of(web, "md")
    assert text.startswith("# Eva \\*N\\*\n\n- Conversation: 7\n")
    assert (
        "> \\# no \\*head\\* \\<b\\>\\[x\\](javascript:y)\\</b\\>\\\n"
        "> \\- no list\\\n"
        "> 1\\. no number\\\n"
        "> \\`code\\` \\~a\\~ \\| b \\& \\\\c\n"
    ) in text
    assert "**Jonas Muster (Agent)** 16 Nov 2026, 10:01:07\n\n> fine⟨U+202E⟩\n" in text
    assert "> Good morning\\\n> how are you?\n" in text


@pytest.mark.parametrize(("kind", "media_type"), [("txt", "text/plain"), ("md", "text/markdown")])
def test_a_file_has_its_type_and_a_name(web: WebWorld, kind: str, media_type: str) -> None:
    headers = web.get(f"/conversations/{ID}/transcript.{kind}").headers
    assert headers["content-type"] == f"{media_type}; charset=utf-8"
    assert headers["content-disposition"] == f'attachment; filename="conversation-{ID}.{kind}"'
    assert headers["cache-control"] == "no-store"


def test_other_kinds_and_other_conversations_are_not_there(web: WebWorld) -> None:
    assert web.get(f"/conversations/{ID}/transcript.exe").status_code == 404
    assert web.get("/conversations/1-2-3/transcript.txt").status_code == 404
    assert web.get("/conversations/1-2-3/quote").status_code == 404


def test_a_quote_tells_who_when_and_where(web: WebWorld) -> None:
    page = web.page(f"/conversations/{ID}/quote?from=1&to=3")
    assert page.one("h1").text == "Messages 1 to 3"
    text = page.one("textarea").raw_text.removeprefix("\n")
    assert text == (
        "> Eva *N* (Visitor), 16 Nov 2026, 10:00:00:\n"
        "> Good morning\n"
        "> how are you?\n"
        ">\n"
        "> * Jo joined, 16 Nov 2026, 10:00:01\n"
        ">\n"
        "> Jonas Muster (Agent), 16 Nov 2026, 10:01:07:\n"
        "> fine⟨U+202E⟩\n"
        "\n"
        f"— Eva *N*, http://127.0.0.1:8000/conversations/{ID}/messages/1-3\n"
    )
    assert web.get(f"/conversations/{ID}/quote.txt?from=1&to=3").text == text


@pytest.mark.parametrize(
    ("params", "heading"),
    [
        ("", "Message 1"),
        ("?from=3", "Message 3"),
        ("?from=3&to=2", "Messages 2 to 3"),
        ("?from=2&to=99", "Messages 2 to 4"),
        ("?from=x&to=y", "Message 1"),
    ],
)
def test_a_quote_of_nonsense_is_the_nearest(web: WebWorld, params: str, heading: str) -> None:
    assert web.page(f"/conversations/{ID}/quote{params}").one("h1").text == heading


def test_a_quote_behind_the_end_is_told(web: WebWorld) -> None:
    assert web.get(f"/conversations/{ID}/quote?from=5").status_code == 404


def test_the_timeline_leads_to_all_of_them(web: WebWorld) -> None:
    acts = web.page(f"/conversations/{ID}").one("section", "acts")
    links = {one.text: one["href"] for one in acts.all("a")}
    assert list(links) == ["Permalink", "Text", "Markdown", "JSON", "Raw JSON"]
    for link in links.values():
        assert web.get(link).status_code == 200
    assert web.get(links["Raw JSON"]).content == TALK
    form = acts.one("form")
    assert (form["action"], form["method"]) == (f"/conversations/{ID}/quote", "get")
    assert [(one["name"], one["value"]) for one in form.all("input")] == [
        ("from", "1"),
        ("to", "2"),
    ]


def test_a_conversation_that_came_several_times_says_so(tmp_path: Path) -> None:
    first = hook(1, said("a", BEGIN), endAt=BEGIN + 1)
    second = hook(1, said("a", BEGIN), said("b", BEGIN + 5), endAt=BEGIN + 2)
    third = hook(
        1, said("a", BEGIN), said("b", BEGIN + 5), endAt=BEGIN + 2, rating=5, ratingDesc="x"
    )
    with full_portal(tmp_path, first, third, second, first) as web:
        page = web.page(f"/conversations/{name_of(1)}")
        section = next(one for one in page.one("aside").all("section") if "Hooks" in one.text)
        assert section.one("h2").text == "Hooks of this conversation (3)"
        lines = [one.one("span").text for one in section.all("li")]
        assert [re.sub(r"^\d+ bytes", "N", line) for line in lines] == [
            "N: 1 message; the same came once again",
            "N: 1 message more, rating: Good, rating comment, end",
            "N: rating: Not rated, rating comment",
        ]
        assert [one.has("b") for one in section.all("li")] == [False, True, False]
        bodies = [web.get(link).content for link in section.links()]
        assert bodies == [first, third, second]


def test_a_hook_of_another_conversation_is_not_told_of_this_one(tmp_path: Path) -> None:
    with full_portal(tmp_path, hook(1, said("a")), hook(2, said("b"))) as web:
        assert web.get(f"/conversations/{name_of(1)}/raw/1").status_code == 200
        for number in ("2", "3", "x", "0"):
            assert web.get(f"/conversations/{name_of(1)}/raw/{number}").status_code == 404


def test_a_conversation_that_came_once_says_nothing_of_it(web: WebWorld) -> None:
    assert "Hooks of" not in web.page(f"/conversations/{ID}").one("aside").text
