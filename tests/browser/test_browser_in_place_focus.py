"""Focus on a page that is renewed in place stays on the control, or goes to what stands for it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import pytest
from in_place import Focused, focused
from msgspec import Struct
from playwright.sync_api import Page
from running_portal import RunningPortal
from site_pages import NOWHERE, WORD
from visiting import arrive, follow, press, result_ids, search_for

pytestmark = pytest.mark.browser

BAR: Final = ".histo a.in >> nth=4"
Is = Callable[[Focused], bool]


class Use(Struct, frozen=True):
    """The use of a control: the page, the clicks before, the control, where the focus is then."""

    start: str
    control: str
    then: Is
    before: Sequence[str] = ()


def _is_value(label: str, *, chosen: bool = False, excluded: bool = False) -> Is:
    return lambda at: (
        at.kind == "fv" and label in at.words and (at.chosen, at.excluded) == (chosen, excluded)
    )


def _is_at_the_results(at: Focused) -> bool:
    return at.id == "results"


USES: Final[Mapping[str, Use]] = {
    "a value that was chosen": Use(
        "/", "#f-rating a.fv:has-text('Bad')", _is_value("Bad", chosen=True)
    ),
    "a second one": Use(
        "/search?rating=bad", "#f-rating a.fv:has-text('Normal')", _is_value("Normal", chosen=True)
    ),
    "a value that was taken away": Use("/search?rating=bad", "#f-rating a.fv.on", _is_value("Bad")),
    "a value that goes far down its list": Use(
        "/search?country=HR", "#f-country a.fv.on", lambda at: at.group == "f-country"
    ),
    "a value that was excluded": Use(
        "/",
        "#f-country li:has-text('Germany') a.not",
        _is_value("Germany", excluded=True),
    ),
    "a value that is excluded no more": Use(
        "/search?q=-country:DE", "#f-country a.fv.out", _is_value("Germany")
    ),
    "a facet that was cleared": Use(
        "/search?rating=bad&rating=none",
        "#f-rating a.clear",
        lambda at: (at.group, at.kind) == ("f-rating", "fv"),
    ),
    "a chip with another behind it": Use(
        "/search?rating=bad&country=CZ", "a.chip >> nth=0", lambda at: "Czech" in at.words
    ),
    "a chip with another before it": Use(
        "/search?rating=bad&country=CZ", "a.chip >> nth=1", lambda at: "Bad" in at.words
    ),
    "a chip without others": Use("/search?rating=bad", "a.chip", _is_at_the_results),
    "all chips": Use("/search?rating=bad&country=CZ", ".chips a.clear", _is_at_the_results),
    "a bar": Use("/", BAR, lambda at: at.group == "histo"),
    "wider": Use("/", ".bars .links a >> nth=0", lambda at: "Wider" in at.words, [BAR]),
    "a page": Use("/", ".pager a >> text='3'", _is_at_the_results),
    "what may help": Use(
        f"/search?q={WORD}+{NOWHERE}", f".rescue a >> text={NOWHERE}", _is_at_the_results
    ),
    "the search box": Use("/search?rating=none", "#q", lambda at: at.id == "q"),
    "the button": Use("/search?rating=none", "form.ask .btn.main", lambda at: at.words == "Search"),
    "the order": Use("/search?q=order", "#sort", lambda at: at.id == "sort"),
}


@pytest.mark.parametrize("name", USES)
def test_after_a_key_the_focus_is_where_one_goes_on(
    quick: Page, demo_portal: RunningPortal, name: str
) -> None:
    use = USES[name]
    quick.goto(demo_portal.page + use.start)
    for step in use.before:
        follow(quick.locator(step))
    quick.locator(use.control).focus()
    if name != "the order":
        press(quick, "Enter")
    else:
        quick.keyboard.press("ArrowDown")
        with quick.expect_navigation():
            quick.evaluate("document.querySelector('form.ask').requestSubmit()")
    assert use.then(focused(quick)), focused(quick)


@pytest.mark.parametrize(
    "name", [name for name in USES if name not in {"the order", "the search box"}]
)
def test_after_a_click_the_focus_is_where_one_goes_on(
    quick: Page, demo_portal: RunningPortal, name: str
) -> None:
    use = USES[name]
    quick.goto(demo_portal.page + use.start)
    for step in [*use.before, use.control]:
        follow(quick.locator(step))
    assert use.then(focused(quick)), focused(quick)


def test_no_key_lands_on_what_takes_everything_away(
    quick: Page, demo_portal: RunningPortal
) -> None:
    quick.goto(f"{demo_portal.page}/search?q={WORD}&rating=good&country=GB&outcome=chat")
    quick.locator("a.chip").first.focus()
    for _ in range(3):
        press(quick, "Enter")
        assert focused(quick).kind != "clear"
    assert quick.locator("a.chip").count() == 0


@pytest.mark.parametrize("control", ["#f-agent a.fv >> nth=-1", "#f-country a.not >> nth=3"])
def test_what_was_clicked_stays_under_the_pointer(
    quick: Page, demo_portal: RunningPortal, control: str
) -> None:
    quick.goto(demo_portal.page)
    place = "window.row.getBoundingClientRect().top"
    quick.locator(control).evaluate(
        "e => { window.row = e.closest('li'); scrollTo(0, e.getBoundingClientRect().top - 300) }"
    )
    before = quick.evaluate(place)
    with quick.expect_navigation():
        quick.locator(control).evaluate("e => e.click()")
    arrive(quick)
    assert quick.evaluate(place) == pytest.approx(before, abs=1)


def test_another_page_begins_at_its_top(quick: Page, demo_portal: RunningPortal) -> None:
    quick.goto(demo_portal.page)
    follow(quick.locator("a[rel=next]"))
    assert quick.evaluate("scrollY") == 0


def test_tab_goes_on_from_the_results_after_another_page(
    quick: Page, demo_portal: RunningPortal
) -> None:
    quick.goto(demo_portal.page)
    follow(quick.locator("a[rel=next]"))
    quick.keyboard.press("Tab")
    assert (
        quick.evaluate("document.activeElement.pathname")
        == f"/conversations/{result_ids(quick)[0]}"
    )


def test_a_search_from_the_box_leaves_the_caret_there(
    quick: Page, demo_portal: RunningPortal
) -> None:
    quick.goto(demo_portal.page)
    search_for(quick, "order")
    quick.keyboard.type(" box")
    assert quick.get_by_label("Search messages").input_value() == "order box"
