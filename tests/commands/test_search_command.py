"""``portal search``: the search page for terminals and scripts, in its three outputs."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from hook_bodies import BEGIN, hook, name_of
from typed import settle, typed

from app.archive.writer import HookWriter

DAY: Final = 24 * 3_600_000
SIZE: Final = 25
RATINGS: Final = (5, 3, 1, None)
WORDS: Final = {5: "good", 3: "normal", 1: "bad", None: "none"}


@pytest.fixture(name="folder", scope="module")
def _folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("search")
    writer = HookWriter(folder)
    writer.append_all(
        (
            hook(n, f"refund number{n}", begin=BEGIN + n * DAY, rating=RATINGS[n % 4], isChat=n > 4)
            for n in range(SIZE)
        ),
        origin="import",
    )
    writer.close()
    settle(folder)
    return folder


def ids_where(matches: Callable[[int], bool]) -> list[str]:
    """The conversations that match, newest first."""
    return [name_of(n, BEGIN + n * DAY) for n in reversed(range(SIZE)) if matches(n)]


def rating(number: int) -> str:
    """The rating of a conversation, as a parameter takes it."""
    return WORDS[RATINGS[number % 4]]


OPTIONS: Final[tuple[tuple[tuple[str, ...], Callable[[int], bool]], ...]] = (
    ((), lambda _: True),
    (("refund",), lambda _: True),
    (("number7",), lambda n: n == 7),
    (("refund -number7",), lambda n: n != 7),
    (("nothinghasthis",), lambda _: False),
    (("--rating", "bad"), lambda n: rating(n) == "bad"),
    (("--rating", "bad", "--rating", "none"), lambda n: rating(n) in {"bad", "none"}),
    (("--rating=1", "refund", "--outcome", "chat"), lambda n: rating(n) == "bad" and n > 4),
    (("--country", "CZ", "--agent", "none"), lambda _: True),
    (("--country", "SK"), lambda _: False),
    (("--from", "2026-11-20"), lambda n: n >= 4),
    (("--to", "2026-11-20", "--from", "2026-11-18"), lambda n: 2 <= n <= 4),
    (("rating:good after:2026-11-20",), lambda n: rating(n) == "good" and n >= 4),
)


@pytest.mark.parametrize(("options", "matches"), OPTIONS, ids=[" ".join(o) for o, _ in OPTIONS])
def test_every_parameter_is_an_option_that_may_be_repeated(
    folder: Path, options: tuple[str, ...], matches: Callable[[int], bool]
) -> None:
    ended = typed(folder, "search", "--ids", "--per-page", "100", *options)
    assert ended.exit_code == 0
    assert ended.stdout.splitlines() == ids_where(matches)


def test_ids_are_one_a_line_and_nothing_else(folder: Path) -> None:
    ended = typed(folder, "search", "--ids", "number3 OR number5")
    assert ended.output == f"{name_of(5, BEGIN + 5 * DAY)}\n{name_of(3, BEGIN + 3 * DAY)}\n"


def test_page_per_page_and_sort_cut_and_order_the_results(folder: Path) -> None:
    ended = typed(folder, "search", "--ids", "--per-page", "10", "--page", "3", "--sort", "oldest")
    assert ended.stdout.splitlines() == ids_where(lambda _: True)[::-1][20:]


def test_after_goes_on_behind_a_place(folder: Path) -> None:
    border = BEGIN + 10 * DAY << 21
    ended = typed(folder, "search", "--ids", "--after", str(border), "--per-page", "100")
    assert ended.stdout.splitlines() == ids_where(lambda n: n < 10)


def test_json_is_what_the_api_answers(folder: Path) -> None:
    ended = typed(folder, "search", "--json", "number7", "--rating", "none", "--rating", "purple")
    answer = json.loads(ended.stdout)
    assert ended.stdout.count("\n") == 1
    assert sorted(answer) == sorted(
        ("query", "total", "page", "pages", "results", "facets", "histogram", "index")
    )
    assert answer["query"]["canonical"] == "number7"
    assert "rating=purple" in answer["query"]["notes"][0]
    assert (answer["total"], answer["results"][0]["id"]) == (1, name_of(7, BEGIN + 7 * DAY))
    chosen = [entry["value"] for entry in answer["facets"]["rating"] if entry["chosen"]]
    assert chosen == ["none"]


def test_for_people_it_prints_the_total_and_each_result(folder: Path) -> None:
    ended = typed(folder, "search", "number7 OR number8")
    lines = ended.stdout.splitlines()
    assert lines[0] == "2 conversations, newest first, page 1 of 1"
    assert "Tue 24 Nov 2026, 09:00  Visitor 8 CZ  Good" in lines[2]
    assert lines[2].endswith(name_of(8, BEGIN + 8 * DAY))
    assert lines[3] == "  Visitor: refund number8"


def test_without_hits_it_says_so_and_is_no_error(folder: Path) -> None:
    ended = typed(folder, "search", "nothinghasthis")
    assert ended.exit_code == 0
    assert ended.stdout.startswith("No conversations match")


def test_notes_go_to_standard_error(folder: Path) -> None:
    ended = typed(folder, "search", "number7 (", "--sort", "sideways")
    assert ended.exit_code == 0
    assert "bracket" in ended.stderr
    assert "sort=sideways" in ended.stderr
    assert "bracket" not in ended.stdout


def test_times_are_in_the_zone_that_is_set(folder: Path) -> None:
    ended = typed(folder, "search", "number7", TIME_ZONE="Asia/Tokyo")
    assert "Mon 23 Nov 2026, 18:00" in ended.stdout


def test_a_folder_without_an_index_is_told_in_a_sentence(tmp_path: Path) -> None:
    ended = typed(tmp_path / "nothing", "search", "refund")
    assert ended.exit_code == 1
    assert ended.stderr.startswith("Error: ")
    assert ended.stderr.count("\n") == 1


def test_the_command_explains_its_options(folder: Path) -> None:
    ended = typed(folder, "search", "--help")
    for option in (
        "rating",
        "country",
        "outcome",
        "agent",
        "from",
        "to",
        "sort",
        "page",
        "ids",
        "json",
    ):
        assert f"--{option}" in ended.output
