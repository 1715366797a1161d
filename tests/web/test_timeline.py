"""The timeline: every message and event in its order, marks, hit bar, days, silences, facts."""

from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from html_tree import Element
from web_world import (
    BEGIN,
    HOUR,
    MINUTE,
    WebWorld,
    answered,
    full_portal,
    happened,
    hook,
    name_of,
    portal,
    said,
)

TRIGGERED = {
    "type": "agent",
    "from": "system",
    "name": "",
    "triggeredBy": "Welcome",
    "content": "Can we help?",
    "sentAt": BEGIN,
}
MESSAGES = (
    TRIGGERED,
    happened("agent.join", BEGIN + MINUTE, "Jonas Muster"),
    said("Where is my parcel?", BEGIN + 2 * MINUTE),
    said("The parcel of Monday", BEGIN + 3 * MINUTE),
    answered("Your parcel is in Brno.", BEGIN + 20 * MINUTE),
    happened("robot.dance", BEGIN + 21 * MINUTE),
    {"type": "carrier pigeon", "name": "P", "content": "coo", "sentAt": BEGIN + 22 * MINUTE},
    said("Thank you", BEGIN + 20 * HOUR),
    happened("close.visitorClose", BEGIN + 20 * HOUR + 1),
)


@pytest.fixture(name="web", scope="module")
def _web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebWorld]:
    body = hook(
        1,
        *MESSAGES,
        visitor={
            "name": " Eva ",
            "email": "eva@example.com",
            "countryCode": "cz",
            "city": "Brno",
            "variables": {"plan": {"label": "Plan", "value": "gold"}, "empty": ""},
            "referer": "https://search.example/?q=shoes",
        },
        paths=[
            {"url": "https://shop.example/a?b=1", "title": "Shoes"},
            {"url": "javascript:alert(1)"},
        ],
        rating=5,
        ratingDesc="great",
        duration=72_061,
        firstResponse=0,
        avgResponse=None,
        isChat=True,
        isMissed=True,
    )
    quiet = hook(2, said("alone"), begin=BEGIN + 1)
    events = hook(3, happened("agent.join"), happened("visitor.leave"), begin=BEGIN + 2)
    zone = ZoneInfo("Europe/Prague")
    with full_portal(tmp_path_factory.mktemp("line"), body, quiet, events, time_zone=zone) as world:
        yield world


def timeline(web: WebWorld, params: str = "") -> Element:
    """The page of the first conversation."""
    return web.page(f"/conversations/{name_of(1)}{params}")


def entries(page: Element) -> list[Element]:
    """The lines of a timeline."""
    return [one for one in page.one("ol", "timeline").all("li") if one.classes]


def test_messages_events_days_and_silences_stand_in_the_order_of_time(web: WebWorld) -> None:
    kinds = [min(one.classes - {"new"}) for one in entries(timeline(web))]
    assert kinds == [
        "day", "auto", "event", "msg", "msg", "gap", "agent", "event", "msg", "gap", "day", "msg",
        "event",
    ]  # fmt: skip


def test_every_entry_of_the_payload_has_its_number_as_anchor(web: WebWorld) -> None:
    anchors = [one["id"] for one in entries(timeline(web)) if one.get("id")]
    assert anchors == [f"m{number}" for number in range(1, len(MESSAGES) + 1)]


def test_every_message_is_shown_whole(web: WebWorld) -> None:
    shown = [one.one(css="say").raw_text for one in entries(timeline(web)) if "msg" in one.classes]
    sent = [one["content"] for one in MESSAGES if one["type"] != "system"]
    assert shown == sent


def test_days_are_those_of_the_portals_zone(web: WebWorld) -> None:
    page = timeline(web)
    days = [one.one("h3").text for one in page.all("li", "day")]
    assert days == ["Monday 16 November 2026", "Tuesday 17 November 2026"]
    assert page.all("li", "msg")[0].one("time").text == "10:00"
    assert page.one(css="title").one("time").text == "Monday 16 November 2026 at 10:00"


def test_times_are_given_to_machines_in_utc(web: WebWorld) -> None:
    first = timeline(web).all("li", "msg")[0].one("time")
    assert first["datetime"] == "2026-11-16T09:00:00Z"


def test_a_silence_of_ten_minutes_is_a_line(web: WebWorld) -> None:
    gaps = [one.text for one in timeline(web).all("li", "gap")]
    assert gaps == ["17 min silence. First response after 18 min", "19 h 38 min silence"]


@pytest.mark.parametrize(("pause", "silent"), [(599, False), (600, True)])
def test_a_silence_begins_at_ten_minutes(tmp_path: Path, pause: int, silent: bool) -> None:  # noqa: FBT001
    body = hook(1, said("a"), said("b", BEGIN + pause * 1000))
    with full_portal(tmp_path, body) as web:
        assert timeline(web).has("li", "gap") == silent


def test_events_are_sentences_and_unknown_codes_stand_as_sent(web: WebWorld) -> None:
    texts = [one.one("p").text for one in timeline(web).all("li", "event")]
    assert texts[0] == "Jonas Muster joined"
    assert texts[1] == "robot.dance (a code that the portal does not know)"
    assert texts[2] == "The visitor closed the conversation"


def test_events_can_be_hidden_and_shown_again(web: WebWorld) -> None:
    page = timeline(web, "?q=parcel")
    link, times = page.all("li", "day")[0].all("a", "clear")
    assert times.text == "Times from the start"
    assert link.text == "Hide 3 events"
    hidden = web.page(link["href"])
    assert not hidden.has("li", "event")
    assert [one["id"] for one in hidden.all("li", "msg")] == ["m1", "m3", "m4", "m5", "m7", "m8"]
    assert [one.text for one in hidden.all("mark")] == [one.text for one in page.all("mark")]
    again = hidden.all("li", "day")[0].all("a", "clear")[0]
    assert again.text == "Show 3 events"
    assert len(web.page(again["href"]).all("li", "event")) == 3


def test_hidden_events_stay_hidden_from_hit_to_hit(web: WebWorld) -> None:
    page = timeline(web, "?q=parcel&events=no")
    following = page.one(css="hitbar").one("a")["href"]
    assert not web.page(following).has("li", "event")


def test_events_alone_can_be_shown_again_too(web: WebWorld) -> None:
    page = web.page(f"/conversations/{name_of(3, BEGIN + 2)}?events=no")
    assert "Show 2 events" in [one.text for one in page.all("a")]


def test_roles_show_by_class_and_by_word(web: WebWorld) -> None:
    messages = timeline(web).all("li", "msg")
    roles = [
        (sorted(one.classes & {"visitor", "agent", "auto"}), one.one(css="by").text)
        for one in messages
    ]
    assert roles[0][0] == ["auto"]
    assert "Trigger “Welcome”" in roles[0][1]
    assert roles[1][0] == ["visitor"]
    assert "Visitor" in roles[1][1]
    assert roles[3][0] == ["agent"]
    assert "Jonas Muster" in roles[3][1]
    assert roles[4][0] == []
    assert "of an unknown kind" in roles[4][1]


def test_the_name_is_shown_at_the_first_message_of_a_run_only(web: WebWorld) -> None:
    runs = ["new" in one.classes for one in timeline(web).all("li", "msg")]
    assert runs == [True, True, False, True, True, True]


def test_the_words_of_the_search_are_marked(web: WebWorld) -> None:
    page = timeline(web, "?q=parcel+-nothing")
    assert [one.text for one in page.all("mark")] == ["parcel", "parcel", "parcel"]


def test_the_hit_bar_walks_through_the_hits(web: WebWorld) -> None:
    page, walked = timeline(web, "?q=parcel&rating=good"), []
    while True:
        bar = page.one(css="hitbar")
        walked.append((bar.one("b").text, page.one("mark", "now").text, page.one(css="here").text))
        following = [one["href"] for one in bar.all("a") if "Next" in one.text]
        if not following:
            break
        assert web.query(following[0]) == web.query("/?q=parcel&rating=good")
        current = following[0].split("#")[1]
        page = web.page(following[0])
        assert page.one("mark", "now") in page.one("li", id=current).all("mark")
    assert walked == [(f"Hit {n} of 3", "parcel", f"Hit {n}") for n in (1, 2, 3)]


@pytest.mark.parametrize(("hit", "shown"), [("0", 1), ("99", 3), ("x", 1), ("-2", 1), ("2", 2)])
def test_a_hit_that_there_is_not_is_the_nearest(web: WebWorld, hit: str, shown: int) -> None:
    assert (
        timeline(web, f"?q=parcel&hit={hit}").one(css="hitbar").one("b").text == f"Hit {shown} of 3"
    )


@pytest.mark.parametrize("params", ["", "?rating=good", "?q=nothinghasthis", "?q=-parcel"])
def test_without_hits_there_is_no_hit_bar(web: WebWorld, params: str) -> None:
    assert not timeline(web, params).has(css="hitbar")


def test_without_a_search_there_is_no_way_back_to_one(web: WebWorld) -> None:
    assert not timeline(web).has("nav", "trail")
    assert (
        timeline(web, "?rating=good")
        .one("nav", "trail")
        .one("a")["href"]
        .startswith("/search?rating=good#")
    )


def test_the_facts_stand_as_they_were_sent(web: WebWorld) -> None:
    page = timeline(web)
    strip = [(one.one("dt").text, one.one("dd").text) for one in page.one("dl", "strip").all("div")]
    assert strip == [
        ("Duration", "20 h 1 min"),
        ("First response", "none sent"),
        ("Average response", "none sent"),
        ("Outcome", "Chat, missed"),
        ("Rating", "Rating: Good great"),
    ]
    side = page.one("aside", "side").text
    for fact in ("eva@example.com", "Czechia, Brno", "Plangold", "Shoes"):
        assert fact in side


def test_only_web_addresses_become_links(web: WebWorld) -> None:
    links = timeline(web).one("aside", "side").links()
    outside = [link for link in links if not link.startswith("/")]
    assert outside == [
        "mailto:eva@example.com",
        "https://search.example/?q=shoes",
        "https://shop.example/a?b=1",
    ]


def test_a_conversation_that_the_demo_brought_is_marked(tmp_path: Path) -> None:
    with portal(tmp_path) as web:
        web.receive(hook(1, said("invented")), origin="demo")
        web.receive(hook(2, said("real"), begin=BEGIN + 1))
        web.settle()
        assert timeline(web).one("b", "demo").text == "Demo"
        assert not web.page(f"/conversations/{name_of(2, BEGIN + 1)}").has(css="demo")
        marked = [one.has(css="demo") for one in web.page("/").all("li", "result")]
        assert marked == [False, True]


def _counted(page: Element) -> dict[str, str]:
    (section,) = [one for one in page.all("section") if "Counted by the portal" in one.text]
    terms = [one.text for one in section.all("dt")]
    return dict(zip(terms, [one.text for one in section.all("dd")], strict=True))


def test_what_the_portal_counts_stands_apart_from_what_was_sent(web: WebWorld) -> None:
    assert _counted(web.page(f"/conversations/{name_of(1)}")) == {
        "First response": "18 min",
        "Longest wait": "18 min",
        "Last word": "Visitor",
        "Words": "visitor 56 %, agents 28 %, automatic 17 %",
        "Reading time": "1 min",
    }


def test_the_longest_wait_leads_to_its_message_with_the_search(web: WebWorld) -> None:
    page = web.page(f"/conversations/{name_of(1)}?q=parcel")
    links = [one["href"] for one in page.all("a") if one.text == "18 min"]
    assert links == [f"/conversations/{name_of(1)}/messages/3?q=parcel"] * 2


def test_where_the_vendor_says_otherwise_both_stand_there(tmp_path: Path) -> None:
    with portal(tmp_path) as web:
        web.receive(hook(1, *MESSAGES, messagesCount=9, firstResponse=1079))
        web.receive(hook(2, *MESSAGES, messagesCount=6, firstResponse=60))
        web.settle()
        agreeing = _counted(web.page(f"/conversations/{name_of(1)}"))
        assert agreeing["Messages"] == "6; sent: 9"
        assert "First response" not in agreeing
        other = _counted(web.page(f"/conversations/{name_of(2)}"))
        assert "Messages" not in other
        assert other["First response"] == "18 min; sent: 1 min"
