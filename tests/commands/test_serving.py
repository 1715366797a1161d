"""``portal serve``: what it prints, what it makes, and what it refuses."""

import stat
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest
from hook_bodies import hook
from portal_process import PATIENCE, PROJECT, Served, environment, free_port, served, until

DEMO: Final = 100
"""The demo has more conversations than these."""


@pytest.fixture(name="portal", scope="module")
def _portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("serving") / "made" / "by serve"
    with served(folder, "--demo", TIME_ZONE="Europe/Prague", PROT="typing-mistake") as portal:
        yield portal


def refused(folder: Path, **settings: str) -> str:
    """What ``portal serve`` says when it does not start: one sentence, and status 1."""
    ended = subprocess.run(
        [sys.executable, "-m", "app", "serve"],
        cwd=PROJECT,
        env=environment(folder, **settings),
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    said = ended.stderr.decode()
    assert ended.returncode == 1, said
    assert ended.stdout == b""
    assert said.count("\n") == 1, said
    assert said.startswith("Error: ")
    return said


def test_page_and_hook_are_printed_each_whole_on_a_line(portal: Served) -> None:
    lines = portal.said.read_text("utf-8").splitlines()
    token = (portal.folder / "hook-tokens").read_text("ascii").split()[0]
    assert lines[0] == f"Page: http://127.0.0.1:{portal.port}/"
    assert lines[1] == f"Hook: http://127.0.0.1:{portal.port}/hooks/smartsupp/{token}"


def test_the_command_to_try_is_printed_whole_on_a_line(portal: Served) -> None:
    lines = portal.said.read_text("utf-8").splitlines()
    assert lines[2] == "Try:"
    assert lines[3].startswith(f"curl -fsS {portal.hook} ")
    assert len(lines) == 4


def test_what_is_printed_is_true_when_it_is_printed(portal: Served) -> None:
    assert portal.get("/help/search").status_code == 200
    assert portal.send(b"{}").status_code == 200


def test_the_data_folder_is_made_for_its_owner_alone(portal: Served) -> None:
    assert stat.S_IMODE(portal.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((portal.folder / "hook-tokens").stat().st_mode) == 0o600


def test_the_demo_fills_an_empty_archive(portal: Served) -> None:
    until(lambda: (portal.total() or 0) > DEMO, "the demo is found")


def test_times_are_in_the_zone_that_was_set(portal: Served) -> None:
    assert "Times in Europe/Prague" in portal.get("/help/search").text


def test_a_name_that_is_no_setting_is_told_at_the_start_without_its_value(
    portal: Served,
) -> None:
    log = portal.log.read_text("utf-8")
    assert "PORTAL_PROT is no setting of the portal" in log
    assert "typing-mistake" not in log


def test_a_second_portal_on_one_folder_is_refused(portal: Served) -> None:
    said = refused(portal.folder, PORT=str(free_port()))
    assert "Another portal serves the data folder" in said
    assert str(portal.folder) in said
    assert portal.get("/livez").status_code == 200


def test_a_port_that_is_taken_is_refused(portal: Served, tmp_path: Path) -> None:
    said = refused(tmp_path / "other", PORT=str(portal.port))
    assert f"PORTAL_PORT={portal.port}" in said


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"HOST": "chats.example.com"}, "PORTAL_HOST='chats.example.com'"),
        ({"HOST": "192.0.2.5"}, "PORTAL_HOST='192.0.2.5'"),
        ({"PASSWORD_FILE": "/no/such/file"}, "PORTAL_PASSWORD_FILE='/no/such/file'"),
        ({"SEARCH_URL": "http://u:tell-nobody@localhost:9200"}, "PORTAL_SEARCH_URL must"),
        ({"SEARCH_FINGERPRINT": "abc"}, "PORTAL_SEARCH_FINGERPRINT='abc'"),
    ],
)
def test_a_setting_that_it_cannot_honour_is_refused(
    tmp_path: Path, settings: Mapping[str, str], named: str
) -> None:
    said = refused(tmp_path / "data", **settings)
    assert named in said
    assert "tell-nobody" not in said


def test_a_data_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("not mine", encoding="utf-8")
    assert str(file) in refused(file)
    assert file.read_text("utf-8") == "not mine"


def test_an_archive_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "hooks.db").write_bytes(b"no database at all" * 1000)
    assert "hooks.db" in refused(folder, PORT=str(free_port()))


def test_foreign_files_in_the_data_folder_are_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    (folder / "index").mkdir()
    (folder / "index" / "more notes.txt").write_text("mine too", encoding="utf-8")
    with served(folder, "--demo") as portal:
        until(lambda: (portal.total() or 0) > DEMO, "the demo is found")
        assert portal.send(hook(1, "firstown")).status_code == 200
        until(lambda: portal.total("firstown") == 1, "it is found")
        total = portal.total()
    assert (folder / "notes.txt").read_text("utf-8") == "mine"
    assert (folder / "index" / "more notes.txt").read_text("utf-8") == "mine too"
    with served(folder, "--demo") as again:
        assert again.total() == total, "the demo came a second time"


def test_a_group_cannot_speak_what_is_no_language(tmp_path: Path) -> None:
    said = refused(tmp_path, GROUP_LANGUAGES="Brno=xx")
    assert "PORTAL_GROUP_LANGUAGES: 'Brno' shall speak 'xx', which is none of ar, bg" in said
    said = refused(tmp_path, GROUP_LANGUAGES="Brno=cs", LANGUAGES="de,pl")
    assert "PORTAL_GROUP_LANGUAGES: 'Brno' shall speak 'cs', which is none of de, pl." in said
    assert "PORTAL_LANGUAGES: 'xx' is none of ar, bg" in refused(tmp_path, LANGUAGES="cs,xx")
