"""The headers of safety on every answer there is, and what a browser may keep."""

from pathlib import Path
from typing import Final

import pytest
from every_answer import Labelled, every_answer

EXACT: Final = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
STATUSES: Final = {200, 204, 303, 400, 403, 404, 405, 413, 500, 503}


@pytest.fixture(name="answers", scope="module")
def _answers(tmp_path_factory: pytest.TempPathFactory) -> list[Labelled]:
    folder: Path = tmp_path_factory.mktemp("answers")
    return list(every_answer(folder))


def test_the_answers_are_of_every_status(answers: list[Labelled]) -> None:
    assert {answer.status_code for _, answer in answers} == STATUSES


@pytest.mark.parametrize("name", EXACT)
def test_every_answer_has_the_header(answers: list[Labelled], name: str) -> None:
    found = {label: answer.headers.get_list(name) for label, answer in answers}
    assert {label: values for label, values in found.items() if values != [EXACT[name]]} == {}


def test_every_answer_has_one_policy_that_allows_only_ourselves(answers: list[Labelled]) -> None:
    for label, answer in answers:
        (policy,) = answer.headers.get_list("content-security-policy")
        rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
        assert rules.pop("default-src") == "'none'", label
        assert {"base-uri", "frame-ancestors", "form-action"} <= set(rules)
        assert set(rules.values()) <= {"'self'", "'none'"}, label


def test_every_answer_refuses_the_devices_of_the_visitor(answers: list[Labelled]) -> None:
    for label, answer in answers:
        rules = answer.headers["permissions-policy"].split(", ")
        assert {"camera=()", "microphone=()", "geolocation=()"} <= set(rules), label
        assert all(rule.endswith("=()") for rule in rules)


def test_nothing_but_static_files_may_be_kept(answers: list[Labelled]) -> None:
    for label, answer in answers:
        if "static" not in label:
            assert answer.headers.get_list("cache-control") == ["no-store"], label


def test_static_files_are_kept_long_for_their_address_changes_with_them(
    answers: list[Labelled],
) -> None:
    kept = [a for label, a in answers if label.startswith("/static/")]
    assert len(kept) == 4
    assert all("immutable" in answer.headers["cache-control"] for answer in kept)


def test_no_answer_tells_what_the_portal_is_made_of(answers: list[Labelled]) -> None:
    for label, answer in answers:
        assert not {"server", "x-powered-by"} & set(answer.headers), label


def test_no_page_shows_a_traceback_or_a_path_of_the_machine(answers: list[Labelled]) -> None:
    for label, answer in answers:
        if answer.status_code >= 400:
            assert "Traceback" not in answer.text, label
            assert str(Path(__file__).parents[2]) not in answer.text, label


def test_every_text_says_that_it_is_utf_8(answers: list[Labelled]) -> None:
    for label, answer in answers:
        kind = answer.headers.get("content-type", "")
        if kind.startswith("text/"):
            assert kind.endswith("; charset=utf-8"), (label, kind)
