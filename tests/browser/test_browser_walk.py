"""The way of who reads many conversations: from a search to a hit, to the next hit over a border
between parts, to the next conversation over a border between pages, and back to the same place.

With and without JavaScript, with the keyboard alone, in a usual window and on a phone.
"""

import re
from collections.abc import Iterator
from typing import Final

import pytest
from page_probes import MOST_STOPS, focus
from planted_hooks import ACCOUNT, BEGIN, Payload
from playwright.sync_api import Browser, Locator, Page, expect
from running_portal import RunningPortal
from visiting import arrive, follow, press, result_ids

pytestmark = pytest.mark.browser

NUMBER: Final = 45
AT: Final = 20
"""Place of the long conversation: the last of the first page of results."""
HITS: Final = (100, 300, 480, 520, 900)
"""Its messages that hold the word; the third is the last one of the first part."""
LENGTH: Final = 1000
WIDTHS: Final = (1280, 360)


def _payload(place: int) -> Payload:
    begin = BEGIN - place * 3_600_000
    length = LENGTH if place == AT else 3
    wanted = set(HITS) if place == AT else {2}
    said = [
        {
            "type": ("visitor", "agent")[number % 2],
            "content": f"{'stone' if number in wanted else 'sand'} {number}",
            "sentAt": begin + number * 1000,
        }
        for number in range(1, length + 1)
    ]
    channel = {"id": f"walk{place}", "isChat": True}
    visitor = {"id": place // 10, "name": f"Walker {place}"}
    return {
        "accountId": ACCOUNT,
        "beginAt": begin,
        "channel": channel,
        "visitor": visitor,
        "messages": said,
    }


@pytest.fixture(scope="module")
def walked(request: pytest.FixtureRequest) -> Iterator[RunningPortal]:
    """A portal of two and a half pages of conversations that hold one word."""
    with request.getfixturevalue("serve")("walked") as portal:
        for place in range(1, NUMBER + 1):
            portal.send(_payload(place))
        portal.await_total(NUMBER)
        yield portal


@pytest.fixture(params=WIDTHS)
def sized(page: Page, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page in a usual window and on a phone, with and without JavaScript."""
    page.set_viewport_size({"width": request.param, "height": 800})
    yield page
    page.set_viewport_size({"width": 1280, "height": 720})


def named(place: int) -> str:
    return f"{ACCOUNT}-walk{place}-{BEGIN - place * 3_600_000}"


def is_at(page: Page, hit: str, place: str) -> None:
    """Where the page says that one is, in the conversation and among the results."""
    expect(page.locator(".hitbar")).to_contain_text(hit)
    expect(page.locator(".trail")).to_contain_text(place)


def is_in_sight(page: Page, message: int) -> None:
    expect(page.locator(f"#m{message}")).to_be_in_viewport()
    expect(page.locator(f"#m{message} mark").first).to_have_attribute("aria-current", "true")


def is_back(page: Page, place: int) -> None:
    """The page of results shows the conversation of a place, where one left it."""
    on_page = (place - 1) % 20
    assert result_ids(page)[on_page] == named(place)
    assert re.search(rf"#{re.escape(named(place))}$", page.url)
    expect(page.locator(".result").nth(on_page)).to_be_in_viewport()


def test_the_way_by_links(sized: Page, walked: RunningPortal) -> None:
    sized.goto(f"{walked.page}/search?q=stone")
    follow(sized.locator(".result").nth(AT - 1).locator(".snip a").nth(2))
    is_at(sized, "Hit 3 of 5", "20 of 45")
    is_in_sight(sized, 480)
    follow(sized.locator(".hitbar a").filter(has_text="Next"))
    is_at(sized, "Hit 4 of 5", "20 of 45")
    assert sized.locator(".timeline .msg").first.get_attribute("id") == "m501"
    is_in_sight(sized, 520)
    follow(sized.locator(".trail a[rel=next]"))
    is_at(sized, "Hit 1 of 1", "21 of 45")
    expect(sized.get_by_role("heading", level=1)).to_have_text("Walker 21")
    follow(sized.locator(".trail a").first)
    is_back(sized, 21)


def test_the_way_back_over_the_same_borders(sized: Page, walked: RunningPortal) -> None:
    sized.goto(f"{walked.page}/search?q=stone&page=2")
    follow(sized.locator(".result h3 a").first)
    follow(sized.locator(".trail a[rel=prev]"))
    is_at(sized, "Hit 1 of 5", "20 of 45")
    sized.goto(sized.url.replace("?", "?hit=4&"))
    follow(sized.locator(".hitbar a").filter(has_text="Previous"))
    is_at(sized, "Hit 3 of 5", "20 of 45")
    is_in_sight(sized, 480)
    follow(sized.locator(".trail a").first)
    is_back(sized, 20)


def tab_to(page: Page, link: Locator) -> None:
    """Press Tab until a link has the focus."""
    for _ in range(MOST_STOPS):
        if link.evaluate("e => e === document.activeElement"):
            at = focus(page)
            assert at is not None
            assert at.outlined
            return
        page.keyboard.press("Tab")
    pytest.fail("the keyboard does not reach the link")


def test_the_way_by_the_keyboard_alone(sized: Page, walked: RunningPortal) -> None:
    sized.goto(f"{walked.page}/search?q=stone")
    tab_to(sized, sized.locator(".result").nth(AT - 1).locator(".snip a").nth(2))
    press(sized, "Enter")
    is_at(sized, "Hit 3 of 5", "20 of 45")
    sized.goto(sized.url.partition("#")[0])
    tab_to(sized, sized.locator(".hitbar a").filter(has_text="Next"))
    press(sized, "Enter")
    is_at(sized, "Hit 4 of 5", "20 of 45")
    is_in_sight(sized, 520)
    sized.goto(sized.url.partition("#")[0])
    tab_to(sized, sized.locator(".trail a[rel=next]"))
    press(sized, "Enter")
    is_at(sized, "Hit 1 of 1", "21 of 45")
    tab_to(sized, sized.locator(".trail a").first)
    press(sized, "Enter")
    is_back(sized, 21)


def test_the_way_by_single_keys(quick: Page, walked: RunningPortal) -> None:
    quick.goto(f"{walked.page}/search?q=stone")
    for _ in range(AT):
        quick.keyboard.press("j")
    press(quick, "Enter")
    is_at(quick, "Hit 1 of 5", "20 of 45")
    for key, hit in (("n", 2), ("n", 3), ("n", 4), ("p", 3), ("n", 4), ("n", 5)):
        press(quick, key)
        is_at(quick, f"Hit {hit} of 5", "20 of 45")
    quick.keyboard.press("n")
    arrive(quick)
    is_at(quick, "Hit 5 of 5", "20 of 45")
    press(quick, "j")
    is_at(quick, "Hit 1 of 1", "21 of 45")
    press(quick, "k")
    is_at(quick, "Hit 1 of 5", "20 of 45")


def test_a_message_and_those_up_to_another_are_chosen_and_copied(
    browser: Browser, walked: RunningPortal
) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{walked.page}/conversations/{named(AT)}?q=stone")
    bar = page.locator("#chosen")
    expect(bar).to_be_hidden()
    page.locator("#m102 .by a").click()
    expect(bar).to_contain_text("Chosen messages 102")
    page.locator("#m104 .by a").click(modifiers=["Shift"])
    assert page.url.endswith("#m102-104")
    expect(bar).to_contain_text("102–104")
    picked = page.locator(".timeline .picked").evaluate_all("all => all.map(e => e.id)")
    assert picked == ["m102", "m103", "m104"]
    bar.get_by_role("button").click()
    expect(bar.get_by_role("button")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.count("> sand") == 3
    assert copied.rstrip().endswith(f"/conversations/{named(AT)}/messages/102-104")
    page.reload()
    expect(bar).to_contain_text("102–104")
    expect(page.locator("#m102")).to_be_in_viewport()
    follow(bar.get_by_role("link"))
    assert page.locator("textarea").input_value() == copied
    context.close()


def test_what_is_named_in_the_messages_is_copied(browser: Browser, walked: RunningPortal) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    payload = {**_payload(1), "beginAt": BEGIN - 10**10, "channel": {"id": "code"}}
    walked.send({**payload, "messages": [{"type": "visitor", "content": "order AB-10025?"}]})
    walked.await_total(NUMBER + 1)
    page.goto(f"{walked.page}/conversations/{ACCOUNT}-code-{BEGIN - 10**10}")
    button = page.locator(".named button")
    button.click()
    expect(button).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "AB-10025"
    page.locator(".timeline .pick").click()
    assert page.evaluate("getSelection().toString()") == "AB-10025"
    context.close()


def test_a_range_can_be_quoted_without_a_script(plain: Page, walked: RunningPortal) -> None:
    plain.goto(f"{walked.page}/conversations/{named(AT)}")
    plain.locator(".quoting input").first.fill("499")
    plain.locator(".quoting input").last.fill("501")
    follow(plain.locator(".quoting button"))
    text = plain.locator("textarea").input_value()
    assert [f"sand {n}" in text for n in (498, 499, 500, 501, 502)] == [0, 1, 1, 1, 0]
    follow(plain.get_by_role("link", name="Permalink"))
    chosen = plain.locator(".timeline .chosen").evaluate_all("all => all.map(e => e.id)")
    assert chosen == ["m499", "m500"]
    expect(plain.locator("#m499")).to_be_in_viewport()


READ_ALOUD: Final = """\
Hit 1 of 1, Walker 21, 15 Nov 2026 · Transcript Portal
- main:
  - navigation "These results":
    - link "All 45 results for stone":
    - list:
      - listitem:
        - link "Previous conversation":
      - listitem: 21 of 45
      - listitem:
        - link "Next conversation":
  - heading "Walker 21" [level=1]
  - paragraph:
    - text: Conversation walk21, started
    - time: Sunday 15 November 2026 at 12:00
  - term: First response
  - definition: none sent
  - term: Average response
  - definition: none sent
  - term: Outcome
  - definition: Chat
  - term: Rating
  - definition: "Rating: Not rated"
  - region "Messages":
    - heading "Messages" [level=2]
    - group "Hits in this conversation":
      - paragraph: Hit 1 of 1 for stone
    - list:
      - listitem:
        - heading "Sunday 15 November 2026" [level=3]
        - link "Times from the start":
      - listitem:
        - text: Agent Agent
        - link "12:00 , link to this message":
          - time: 12:00
          - text: ", link to this message"
        - text: sand 1
      - listitem:
        - text: Walker 21 Visitor
        - link "12:00 , link to this message":
          - time: 12:00
          - text: ", link to this message"
        - text: Hit 1
        - mark: stone
        - text: "2"
      - listitem:
        - paragraph: First response after 1 s
      - listitem:
        - text: Agent Agent
        - link "12:00 , link to this message":
          - time: 12:00
          - text: ", link to this message"
        - text: sand 3
  - complementary "About this conversation":
    - heading "This conversation" [level=2]
    - list:
      - listitem:
        - link "Permalink":
      - listitem:
        - link "Text":
      - listitem:
        - link "Markdown":
      - listitem:
        - link "JSON":
      - listitem:
        - link "Raw JSON":
    - text: Quote messages
    - spinbutton "Quote messages": "1"
    - text: to
    - spinbutton "to": "2"
    - button "Quote"
    - heading "Counted by the portal" [level=2]
    - term: First response
    - definition:
      - link "1 s":
    - term: Longest wait
    - definition:
      - link "1 s":
    - term: Last word
    - definition:
      - link "Agent":
    - term: Words
    - definition: visitor 33 %, agents 67 %
    - term: Reading time
    - definition: 1 min
    - heading "Earlier conversations (8)" [level=2]
    - list:
      - listitem:
        - link "Sun 15 Nov 2026, 09:00":
        - text: stone 2
      - listitem:
        - link "Sun 15 Nov 2026, 10:00":
        - text: stone 2
      - listitem:
        - link "Sun 15 Nov 2026, 11:00":
        - text: stone 2
    - heading "Later conversations (1)" [level=2]
    - list:
      - listitem:
        - link "Sun 15 Nov 2026, 13:00":
    - paragraph:
      - 'link "The whole history: 10 conversations"':
"""


def test_the_page_reads_in_a_sensible_order(quick: Page, walked: RunningPortal) -> None:
    """What a screen reader is told of the page, from its title to its end, without addresses."""
    quick.goto(f"{walked.page}/conversations/{named(21)}?q=stone")
    told = quick.locator("main").aria_snapshot()
    lines = [line for line in told.split("\n") if "/url:" not in line]
    assert [quick.title(), *lines] == READ_ALOUD.splitlines()
