"""``portal import``: lines, lists and documents from files and folders into the archive."""

import gzip
import json
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from hook_bodies import hook
from portal_process import PATIENCE, PROJECT, environment
from typed import kept, settle, typed

from app.archive.state_reader import StateReader

BODIES: Final = [hook(1, "plain"), hook("ž", "Příliš žluťoučký"), b"not json", b'{"x": "\xff"}']
LINES: Final = b"\n".join(BODIES) + b"\n"
DAMAGED: Final = bytes(
    0xFF if 500 < place < 530 else byte
    for place, byte in enumerate(gzip.compress(b"".join(hook(n) for n in range(2000))))
)
"""A gzip file whose middle is overwritten."""
WRITTEN: Final[tuple[tuple[str, bytes], ...]] = (
    ("lines", LINES),
    ("no end at the last line", LINES.removesuffix(b"\n")),
    ("line ends of another system", LINES.replace(b"\n", b"\r\n")),
    ("empty lines between", LINES.replace(b"\n", b"\n\n\r\n")),
    ("a byte-order mark", b"\xef\xbb\xbf" + LINES),
)
PAYLOADS: Final = [hook(n, "many words " * 50) for n in range(1000)]
"""More than are read at once."""
PRETTY: Final = [json.dumps(json.loads(payload), indent=2).encode() for payload in PAYLOADS]


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzipped"])
@pytest.mark.parametrize(("what", "content"), WRITTEN, ids=[what for what, _ in WRITTEN])
def test_every_line_is_a_hook_byte_for_byte(
    tmp_path: Path, what: str, content: bytes, pack: Callable[[bytes], bytes]
) -> None:
    file, folder = tmp_path / "export.ndjson", tmp_path / "data"
    file.write_bytes(pack(content))
    ended = typed(folder, "import", str(file))
    assert (ended.exit_code, ended.stdout) == (0, f"{file}: 4 payloads, 4 of them new.\n"), what
    assert kept(folder) == [("import", body) for body in BODIES]


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzipped"])
@pytest.mark.parametrize(
    ("content", "payloads"),
    [
        (b"[" + b",".join(PAYLOADS) + b"]", PAYLOADS),
        (b"\xef\xbb\xbf [\r\n" + b",\r\n".join(PRETTY) + b"\r\n]\r\n", PRETTY),
        (PRETTY[0] + b"\n", PRETTY[:1]),
        (b"\n".join(PRETTY), PRETTY),
        (b"[]", []),
    ],
    ids=["list", "list over lines", "document over lines", "documents over lines", "empty list"],
)
def test_lists_and_documents_are_cut_into_payloads_byte_for_byte(
    tmp_path: Path, content: bytes, payloads: list[bytes], pack: Callable[[bytes], bytes]
) -> None:
    file, folder = tmp_path / "lines.ndjson", tmp_path / "data"
    file.write_bytes(pack(content))
    ended = typed(folder, "import", str(file))
    told = f"{file}: {len(payloads):,} payloads, {len(payloads):,} of them new.\n"
    assert (ended.exit_code, ended.stdout, ended.stderr) == (0, told, "")
    assert kept(folder) == [("import", payload) for payload in payloads]


def test_what_is_no_object_in_a_list_ends_in_quarantine(tmp_path: Path) -> None:
    file, folder = tmp_path / "export.json", tmp_path / "data"
    file.write_bytes(b'[1, "two", [3], NaN, ' + hook(4) + b"]")
    assert typed(folder, "import", str(file)).exit_code == 0
    settle(folder)
    assert StateReader(folder).quarantined() == 4
    assert StateReader(folder).conversations() == 1


@pytest.mark.parametrize(
    ("content", "taken", "told"),
    [
        (b"[1, 2", 1, ", byte 4: the file ends before the payload that begins here does"),
        (b"[1, 2}", 2, ", byte 5: neither a comma nor the end of the list stands here"),
        (b"[" + b"1, " * 9000 + b"]]", 1, ", byte 27,002: neither a list nor a document begins"),
    ],
)
def test_a_list_that_cannot_be_cut_any_further_is_told_and_the_next_file_is_taken(
    tmp_path: Path, content: bytes, taken: int, told: str
) -> None:
    file, other, folder = tmp_path / "a.json", tmp_path / "b.json", tmp_path / "data"
    file.write_bytes(content)
    other.write_bytes(hook(7))
    ended = typed(folder, "import", str(file), str(other))
    assert ended.exit_code == 1
    assert ended.stderr.startswith(f"Error: {file}{told}")
    assert ended.stderr.endswith("; the rest is left out.\n")
    assert [body for _, body in kept(folder)] == [*[b"1", b"2"][:taken], hook(7)]


def test_a_file_in_utf_16_is_told(tmp_path: Path) -> None:
    file = tmp_path / "export.json"
    file.write_bytes("[1]".encode("utf-16"))
    ended = typed(tmp_path / "data", "import", str(file))
    assert ended.exit_code == 1
    told = f"Error: {file}: the file is UTF-16, and only UTF-8 is taken; it is left out.\n"
    assert ended.stderr == told


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzipped"])
def test_a_dash_is_standard_input(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "app", "import", "-"],
        cwd=PROJECT,
        env=environment(tmp_path / "data"),
        input=pack(LINES),
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert ended.stdout == b"-: 4 payloads, 4 of them new.\n"
    assert [body for _, body in kept(tmp_path / "data")] == BODIES


def test_every_file_is_closed_again(tmp_path: Path) -> None:
    file = tmp_path / "export.ndjson.gz"
    file.write_bytes(gzip.compress(LINES))
    ended = subprocess.run(
        [sys.executable, "-W", "always::ResourceWarning", "-m", "app", "import", str(file)],
        cwd=PROJECT,
        env=environment(tmp_path / "data"),
        capture_output=True,
        timeout=PATIENCE,
        check=True,
    )
    assert b"unclosed file" not in ended.stderr


def test_an_import_can_be_repeated(tmp_path: Path) -> None:
    file, folder = tmp_path / "export.ndjson", tmp_path / "data"
    file.write_bytes(LINES)
    typed(folder, "import", str(file))
    file.write_bytes(LINES + hook(99) + b"\n")
    ended = typed(folder, "import", str(file))
    assert ended.stdout == f"{file}: 5 payloads, 1 of them new.\n"
    assert [body for _, body in kept(folder)] == [*BODIES, hook(99)]


def test_several_files_are_taken_in_one_after_the_other(tmp_path: Path) -> None:
    names = []
    for number in range(3):
        file = tmp_path / f"{number}.ndjson"
        file.write_bytes(hook(number) + b"\n")
        names.append(str(file))
    ended = typed(tmp_path / "data", "import", *names)
    assert ended.stdout.splitlines() == [f"{name}: 1 payloads, 1 of them new." for name in names]
    assert [body for _, body in kept(tmp_path / "data")] == [hook(number) for number in range(3)]


def test_a_file_without_lines_is_no_error(tmp_path: Path) -> None:
    file = tmp_path / "empty.ndjson"
    file.write_bytes(b"")
    ended = typed(tmp_path / "data", "import", str(file))
    assert (ended.exit_code, ended.stdout) == (0, f"{file}: 0 payloads, 0 of them new.\n")


@pytest.mark.parametrize(
    ("length", "end", "taken"),
    [
        (2000, b"\n", True),
        (2000, b"\r\n", True),
        (2000, b"", True),
        (2001, b"\n", False),
        (2001, b"", False),
        (2002, b"\n", False),
        (2002, b"", False),
        (10_000, b"\r\n", False),
    ],
)
def test_a_line_that_is_too_long_is_told_and_left_out(
    tmp_path: Path,
    length: int,
    end: bytes,
    taken: bool,  # noqa: FBT001
) -> None:
    file, folder = tmp_path / "export.ndjson", tmp_path / "data"
    last = end + b"behind it" if end else b""
    file.write_bytes(b"before\n" + b"x" * length + last)
    ended = typed(folder, "import", str(file), HOOK_MAX_BYTES="2000")
    assert ended.exit_code == 0
    sizes = [len(body) for _, body in kept(folder)]
    assert sizes == [6, *([length] if taken else []), *([9] if end else [])]
    told = f"{file}, line 2: longer than 2,000 bytes, left out.\n"
    assert ended.stderr == ("" if taken else told)


def test_a_payload_of_a_list_that_is_too_long_is_told_and_left_out(tmp_path: Path) -> None:
    file, folder = tmp_path / "export.json", tmp_path / "data"
    file.write_bytes(b'[1, "' + b"x" * 2000 + b'", 3]')
    ended = typed(folder, "import", str(file), HOOK_MAX_BYTES="2000")
    assert ended.exit_code == 0
    assert ended.stderr == f"{file}, payload 2: longer than 2,000 bytes, left out.\n"
    assert [body for _, body in kept(folder)] == [b"1", b"3"]


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (None, "No such file"),
        (gzip.compress(LINES)[:-12], "end-of-stream"),
        pytest.param(
            DAMAGED,
            "",
        ),
    ],
    ids=["missing", "cut off", "damaged"],
)
def test_a_file_that_cannot_be_read_is_told_in_a_sentence(
    tmp_path: Path, content: bytes | None, named: str
) -> None:
    file = tmp_path / "export.ndjson.gz"
    if content is not None:
        file.write_bytes(content)
    ended = typed(tmp_path / "data", "import", str(file))
    assert ended.exit_code == 1
    assert ended.stderr.startswith(f"Error: {file}: ")
    assert named in ended.stderr


def test_a_folder_stands_for_the_files_in_it(tmp_path: Path) -> None:
    files = {
        "b.json": PRETTY[0],
        "a.gz": gzip.compress(b"\n".join(PAYLOADS[1:3])),
        "deeper/c.json": b"[" + PAYLOADS[3] + b"]",
        ".hidden": b"[1]",
        ".git/object": b"[2]",
    }
    for name, content in files.items():
        file = tmp_path / "dump" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    ended = typed(tmp_path / "data", "import", str(tmp_path / "dump"))
    assert ended.exit_code == 0
    assert ended.stdout == f"{tmp_path / 'dump'}: 4 payloads in 3 files, 4 of them new.\n"
    taken = [body for _, body in kept(tmp_path / "data")]
    assert taken == [*PAYLOADS[1:3], PRETTY[0], PAYLOADS[3]]


def test_a_file_in_a_folder_that_does_not_begin_as_json_is_told(tmp_path: Path) -> None:
    dump = tmp_path / "dump"
    dump.mkdir()
    (dump / "README.txt").write_text("What is in here", "utf-8")
    (dump / "export.json").write_bytes(PRETTY[0])
    ended = typed(tmp_path / "data", "import", str(dump))
    assert ended.exit_code == 1
    reason = "the file begins neither with { nor with [; it is left out."
    assert ended.stderr == f"Error: {dump / 'README.txt'}: {reason}\n"
    assert [body for _, body in kept(tmp_path / "data")] == PRETTY[:1]


def test_a_file_that_is_missing_keeps_no_other_away(tmp_path: Path) -> None:
    file, folder = tmp_path / "export.ndjson", tmp_path / "data"
    file.write_bytes(LINES)
    ended = typed(folder, "import", str(tmp_path / "missing"), str(file))
    assert ended.exit_code == 1
    assert [body for _, body in kept(folder)] == BODIES


def test_the_data_folder_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    typed(tmp_path / "data", "import", "-", given=LINES)
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


def test_without_a_file_the_command_says_what_it_needs(tmp_path: Path) -> None:
    ended = typed(tmp_path / "data", "import")
    assert ended.exit_code == 2
    assert "Missing argument" in ended.stderr
