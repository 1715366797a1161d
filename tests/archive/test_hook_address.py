"""The secret in the hook's address: where it is kept, which ones live, what is refused."""

import re
import stat
from pathlib import Path

import pytest

from app.errors import SettingError
from app.hook_address import FILE_NAME, HookTokens, hook_url

GOOD_FILES = (
    ("abc\n", ("abc",)),
    ("abc", ("abc",)),
    ("new\nold\n", ("new", "old")),
    ("new\r\nold\r\n", ("new", "old")),
    ("\n\nnew\n\nold\n", ("new", "old")),
    ("new\nold\nolder\n", ("new", "old")),  # two live at most
    ("A-z_09", ("A-z_09",)),
    ("x" * 64, ("x" * 64,)),
)
BAD_FILES = (
    b"",
    b"\n \n",
    b"x" * 65,
    b"a/b\n",
    b"a%20b",
    b"t\x00k",
    "tökén".encode(),
    b"good\n?\n",
)


def test_the_first_token_is_made_and_kept(tmp_path: Path) -> None:
    token = HookTokens(tmp_path).ensure()
    assert HookTokens(tmp_path).ensure() == token
    assert HookTokens(tmp_path).live() == (token,)


def test_a_token_fits_into_an_address(tmp_path: Path) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{20,64}", HookTokens(tmp_path).ensure())


def test_two_folders_have_two_tokens(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "other").mkdir()
    assert HookTokens(tmp_path / "one").ensure() != HookTokens(tmp_path / "other").ensure()


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    tokens = HookTokens(tmp_path)
    modes = []
    for change in (tokens.ensure, tokens.renew, tokens.renew):
        change()
        modes.append(stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode))
    assert modes == [0o600] * 3


def test_a_file_that_lay_beside_makes_the_tokens_no_more_readable(tmp_path: Path) -> None:
    beside = tmp_path / f"{FILE_NAME}.new"
    beside.write_text("left over")
    beside.chmod(0o644)
    HookTokens(tmp_path).ensure()
    assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600


def test_nothing_else_is_left_in_the_folder(tmp_path: Path) -> None:
    tokens = HookTokens(tmp_path)
    tokens.ensure()
    tokens.renew()
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


def test_two_tokens_live_after_a_renewal(tmp_path: Path) -> None:
    tokens = HookTokens(tmp_path)
    first = tokens.ensure()
    second = tokens.renew()
    assert tokens.live() == (second, first)
    assert tokens.accepts(first)
    assert tokens.accepts(second)
    assert tokens.ensure() == second


def test_the_oldest_token_is_dropped_by_the_next_renewal(tmp_path: Path) -> None:
    tokens = HookTokens(tmp_path)
    first, second, third = tokens.ensure(), tokens.renew(), tokens.renew()
    assert tokens.live() == (third, second)
    assert not tokens.accepts(first)


def test_a_renewal_is_seen_by_other_processes(tmp_path: Path) -> None:
    door = HookTokens(tmp_path)
    first = door.ensure()
    assert door.accepts(first)
    for _ in range(2):
        newest = HookTokens(tmp_path).renew()
        assert door.accepts(newest)
    assert not door.accepts(first)


@pytest.mark.parametrize(
    "given",
    [
        "",
        " ",
        "token",
        "token-1 ",
        " token-1",
        "TOKEN-1",
        "token-1/",
        "token-10",
        "\ud800",
        "tökén",
    ],
)
def test_what_is_no_live_token_is_refused(tmp_path: Path, given: str) -> None:
    (tmp_path / FILE_NAME).write_text("token-1\n")
    tokens = HookTokens(tmp_path)
    assert tokens.accepts("token-1")
    assert not tokens.accepts(given)


@pytest.mark.parametrize(("text", "tokens"), GOOD_FILES)
def test_a_file_by_hand_is_read(tmp_path: Path, text: str, tokens: tuple[str, ...]) -> None:
    (tmp_path / FILE_NAME).write_bytes(text.encode())
    assert HookTokens(tmp_path).live() == tokens


@pytest.mark.parametrize("content", BAD_FILES)
@pytest.mark.parametrize("use", ["ensure", "renew", "live"])
def test_a_bad_file_is_refused_and_left_as_it_is(tmp_path: Path, content: bytes, use: str) -> None:
    file = tmp_path / FILE_NAME
    file.write_bytes(content)
    with pytest.raises(SettingError, match=re.escape(str(file))):
        getattr(HookTokens(tmp_path), use)()
    assert file.read_bytes() == content


def test_a_refusal_does_not_say_what_stands_in_the_file(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text("almost-a-token!\n")
    with pytest.raises(SettingError) as refused:
        HookTokens(tmp_path).live()
    assert "almost-a-token" not in str(refused.value)


def test_the_address_is_one_line() -> None:
    assert hook_url("http://127.0.0.1:8000", "abc") == "http://127.0.0.1:8000/hooks/smartsupp/abc"
