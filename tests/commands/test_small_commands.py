"""``portal hook-url``, ``portal tokens``, the list of commands, and settings that are no good."""

from pathlib import Path
from typing import Final

import pytest
from typed import typed

from app.commands.root import COMMANDS, HIDDEN
from app.hook_address import HookTokens
from app.page_password import PagePassword

BAD_SETTINGS: Final = (
    ("PORT", "0", "PORTAL_PORT='0'"),
    ("PORT", "65536", "65536"),
    ("PORT", "http", "http"),
    ("PORT", "८०००", "८०००"),
    ("WORKERS", "17", "17"),
    ("HOST", "example.com", "example.com"),
    ("TIME_ZONE", "Mars/Olympus", "Mars/Olympus"),
    ("TIME_ZONE", "../../etc/passwd", "../../etc/passwd"),
    ("PUBLIC_URL", "chats.example.com", "chats.example.com"),
    ("PUBLIC_URL", "ftp://chats.example.com", "ftp://chats.example.com"),
    ("PUBLIC_URL", "https://chats.example.com/?a=1", "?a=1"),
    ("HOOK_DEADLINE", "nan", "nan"),
    ("HOOK_DEADLINE", "soon", "soon"),
    ("HOOK_MAX_BYTES", "10M", "10M"),
    ("PASSWORD_FILE", "/no/such/file", "PORTAL_PASSWORD_FILE"),
    ("SEARCH_URL", "http://tell-nobody@localhost:9200", "PORTAL_SEARCH_URL"),
)


def test_the_address_of_the_hook_stands_alone_on_a_line(tmp_path: Path) -> None:
    ended = typed(tmp_path / "data", "hook-url", PORT="8123")
    token = HookTokens(tmp_path / "data").ensure()
    assert ended.exit_code == 0
    assert ended.output == f"http://127.0.0.1:8123/hooks/smartsupp/{token}\n"


def test_asked_again_it_is_the_same(tmp_path: Path) -> None:
    assert len({typed(tmp_path, "hook-url").output for _ in range(3)}) == 1


def test_the_public_address_is_given_where_there_is_one(tmp_path: Path) -> None:
    ended = typed(tmp_path, "hook-url", PUBLIC_URL="https://chats.example.com/portal/")
    assert ended.output.startswith("https://chats.example.com/portal/hooks/smartsupp/")


def test_a_long_address_is_not_broken_into_lines(tmp_path: Path) -> None:
    public = f"https://{'long-' * 40}.example.com"
    ended = typed(tmp_path, "hook-url", PUBLIC_URL=public)
    assert ended.output.count("\n") == 1
    assert ended.output.startswith(f"{public}/hooks/smartsupp/")


def test_renewed_it_is_another_and_the_one_before_stays_valid(tmp_path: Path) -> None:
    addresses = [typed(tmp_path, "hook-url", *more).output for more in ((), ("--renew",), ())]
    first, second, third = (address.strip().rsplit("/", 1)[1] for address in addresses)
    assert first != second == third
    tokens = HookTokens(tmp_path)
    assert tokens.accepts(first)
    assert tokens.accepts(second)
    typed(tmp_path, "hook-url", "--renew")
    assert not tokens.accepts(first)
    assert tokens.accepts(second)


def test_without_a_password_the_command_says_how_to_make_one(tmp_path: Path) -> None:
    ended = typed(tmp_path, "password")
    assert (ended.exit_code, ended.stdout) == (1, "")
    assert "`portal password --new` makes one" in ended.stderr


def test_a_new_password_is_printed_alone_and_again(tmp_path: Path) -> None:
    made = typed(tmp_path, "password", "--new")
    assert made.exit_code == 0
    assert made.output.count("\n") == 1
    assert typed(tmp_path, "password").output == made.output
    assert typed(tmp_path, "password", "--new").output != made.output
    assert PagePassword(tmp_path).accepts(typed(tmp_path, "password").output.strip())


def test_a_password_that_is_set_is_shown_and_cannot_be_made_anew(tmp_path: Path) -> None:
    assert typed(tmp_path, "password", PASSWORD="geheim").output == "geheim\n"  # noqa: S106
    ended = typed(tmp_path, "password", "--new", PASSWORD="geheim")  # noqa: S106
    assert ended.exit_code == 1
    assert "PORTAL_PASSWORD sets the password" in ended.stderr


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Příliš žluťoučký", "tokens: prilis zlutoucky\n"),
        ("don't", "tokens: don t\nwholes: dont\n"),
        ("", ""),
        ("...", ""),
    ],
)
def test_the_tokens_of_a_text_are_printed(tmp_path: Path, text: str, printed: str) -> None:
    ended = typed(tmp_path, "tokens", text)
    assert (ended.exit_code, ended.output) == (0, printed)


@pytest.mark.parametrize(("name", "value", "named"), BAD_SETTINGS)
def test_a_setting_that_is_no_good_ends_a_command_with_one_sentence(
    tmp_path: Path, name: str, value: str, named: str
) -> None:
    ended = typed(tmp_path / "data", "hook-url", **{name: value})
    assert (ended.exit_code, ended.stdout) == (1, "")
    assert ended.stderr.startswith("Error: PORTAL_")
    assert ended.stderr.count("\n") == 1
    assert named in ended.stderr
    assert "tell-nobody" not in ended.stderr
    assert not (tmp_path / "data").exists()


def test_a_name_that_is_no_setting_hinders_no_command(tmp_path: Path) -> None:
    ended = typed(tmp_path, "hook-url", PROT="8123")
    assert ended.exit_code == 0
    assert ended.stdout.startswith("http://127.0.0.1:8000/")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PUBLIC_URL", "http://["),
        ("PUBLIC_URL", "http://[::1"),
        ("DATA_DIR", "~nobody-of-this-name/data"),
        ("PORT", "9" * 5000),
    ],
)
def test_no_value_of_a_setting_ends_a_command_with_a_traceback(
    tmp_path: Path, name: str, value: str
) -> None:
    ended = typed(tmp_path, "hook-url", **{name: value})
    assert ended.exit_code == 1
    assert ended.stderr.startswith(f"Error: PORTAL_{name}=")


def test_the_list_of_commands_names_each_with_a_sentence(tmp_path: Path) -> None:
    ended = typed(tmp_path, "--help")
    assert ended.exit_code == 0
    listed = [line.split()[0] for line in ended.output.split("Commands:\n")[1].splitlines() if line]
    assert set(COMMANDS) - HIDDEN <= set(listed)
    assert not HIDDEN & set(listed)


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - HIDDEN - {"search"}))
def test_every_command_explains_itself(tmp_path: Path, name: str) -> None:
    ended = typed(tmp_path, name, "--help")
    assert ended.exit_code == 0
    assert ended.output.startswith(f"Usage: main {name}")


def test_a_command_that_there_is_not_is_named(tmp_path: Path) -> None:
    ended = typed(tmp_path, "dance")
    assert ended.exit_code == 2
    assert "dance" in ended.stderr


def test_a_token_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "hook-tokens.new").mkdir()
    ended = typed(tmp_path, "hook-url")
    assert ended.exit_code == 1
    assert ended.stderr.startswith("Error: ")


def test_a_file_of_tokens_that_is_no_good_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "hook-tokens").write_text("!!!\n", encoding="ascii")
    ended = typed(tmp_path, "hook-url")
    assert ended.exit_code == 1
    assert ended.stderr.startswith(f"Error: {tmp_path / 'hook-tokens'}")
