"""Settings: good values become one frozen value, bad ones fail with their name and value."""

import dataclasses
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.errors import SettingError
from app.settings import DESCRIPTIONS, READERS, Settings, is_loopback, unknown_names

GOOD = (
    ("DATA_DIR", "/srv/portal", Path("/srv/portal")),
    ("DATA_DIR", "var ü", Path("var ü")),
    ("DATA_DIR", "~/portal", Path.home() / "portal"),
    ("HOST", "127.0.0.1", "127.0.0.1"),
    ("HOST", "127.0.0.2", "127.0.0.2"),
    ("HOST", "::1", "::1"),
    ("HOST", "localhost", "localhost"),
    ("PORT", "1", 1),
    ("PORT", "65535", 65535),
    ("PUBLIC_URL", "https://chats.example.com", "https://chats.example.com"),
    ("PUBLIC_URL", "http://10.0.0.7:8080/portal/", "http://10.0.0.7:8080/portal/"),
    ("PUBLIC_URL", "https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
    ("TIME_ZONE", "Europe/Prague", ZoneInfo("Europe/Prague")),
    ("TIME_ZONE", "UTC", ZoneInfo("UTC")),
    ("WORKERS", "1", 1),
    ("WORKERS", "16", 16),
    ("SEARCH_API_KEY", "Zm9vOmJhcg==", "Zm9vOmJhcg=="),
    ("SEARCH_CA_FILE", __file__, __file__),
    ("SEARCH_FINGERPRINT", "AB:" * 31 + "CD", "ab" * 31 + "cd"),
    ("SEARCH_SHARDS", "3", 3),
    ("SEARCH_REPLICAS", "0", 0),
    ("SEARCH_REFRESH", "5", 5.0),
    ("SEARCH_READABLE", "Off", False),
    ("SEARCH_READABLE", "on", True),
    ("LANGUAGES", "off", False),
    ("LANGUAGES", "ON", True),
    ("LANGUAGES", "cs, DE,cs", ("cs", "de")),
    ("LANGUAGE_TABLES", "/srv/languages", Path("/srv/languages")),
    ("GROUP_LANGUAGES", "Polska=pl; a=b, c = CS;", {"Polska": "pl", "a=b, c": "cs"}),
    ("HOOK_MAX_BYTES", "1024", 1024),
    ("HOOK_MAX_BYTES", "268435456", 256 * 2**20),
    ("HOOK_DEADLINE", "0.1", 0.1),
    ("HOOK_DEADLINE", "600", 600.0),
)
BAD = (
    ("HOST", "2130706433"),
    ("HOST", "chats.example.com"),
    ("HOST", "localhost.example.com"),
    ("HOST", "[::1]"),
    ("HOST", "127.0.0.1:8000"),
    ("HOST", " localhost"),
    ("PORT", "0"),
    ("PORT", "65536"),
    ("PORT", "-1"),
    ("PORT", "+80"),
    ("PORT", "80.0"),
    ("PORT", "8_000"),
    ("PORT", "http"),
    ("PORT", "٨٠"),
    ("PORT", "²"),
    ("PORT", " 80"),
    ("PUBLIC_URL", "chats.example.com"),
    ("PUBLIC_URL", "ftp://chats.example.com"),
    ("PUBLIC_URL", "https://"),
    ("PUBLIC_URL", "https:///path"),
    ("PUBLIC_URL", "https://chats.example.com/?a=1"),
    ("PUBLIC_URL", "https://chats.example.com/#a"),
    ("PUBLIC_URL", "javascript:alert(1)"),
    ("TIME_ZONE", "Prague"),
    ("TIME_ZONE", "Europe"),
    ("TIME_ZONE", "../../etc/passwd"),
    ("TIME_ZONE", "/etc/passwd"),
    ("TIME_ZONE", "x" * 5000),
    ("WORKERS", "0"),
    ("WORKERS", "17"),
    ("WORKERS", "two"),
    ("SEARCH_CA_FILE", "/nowhere/ca.pem"),
    ("SEARCH_FINGERPRINT", "ab" * 31),
    ("SEARCH_SHARDS", "0"),
    ("SEARCH_REPLICAS", "-1"),
    ("SEARCH_REFRESH", "0"),
    ("SEARCH_READABLE", "yes"),
    ("LANGUAGES", "cs;de"),
    ("LANGUAGES", "czech"),
    ("LANGUAGES", "cs,"),
    ("GROUP_LANGUAGES", "Polska"),
    ("GROUP_LANGUAGES", "=pl"),
    ("GROUP_LANGUAGES", "Polska=; Brno=cs"),
    ("HOOK_MAX_BYTES", "1023"),
    ("HOOK_MAX_BYTES", "268435457"),
    ("HOOK_MAX_BYTES", "1e6"),
    ("HOOK_MAX_BYTES", "10M"),
    ("HOOK_DEADLINE", "0"),
    ("HOOK_DEADLINE", "601"),
    ("HOOK_DEADLINE", "nan"),
    ("HOOK_DEADLINE", "inf"),
    ("HOOK_DEADLINE", "30s"),
)
BAD_BUT_NOT_REFUSED_SO = (
    # bad values that are taken, or that end in another error
    ("PORT", "9" * 5000),
    ("DATA_DIR", "~nobody-of-this-name/portal"),
    ("PUBLIC_URL", "http://[::1"),
    ("PUBLIC_URL", "https://chats.example.com:port"),
    ("PUBLIC_URL", "https://chats.example.com:99999"),
    ("PUBLIC_URL", "https://chats example.com"),
)
UNKNOWN = ("PROT", "port", "DATA_DIR_FILE", "PORT_FILE", "", "TEST_SOMETHING", "HOST_")


def test_without_an_environment_the_defaults_hold() -> None:
    assert Settings.from_environment({}) == Settings(
        data_dir=Path("var"),
        host="127.0.0.1",
        port=8000,
        public_url="",
        time_zone=ZoneInfo("UTC"),
        workers=1,
    )


@pytest.mark.parametrize(("name", "text", "value"), GOOD)
def test_a_good_value_is_read(name: str, text: str, value: object) -> None:
    assert getattr(_from(name, text), name.lower()) == value


@pytest.mark.parametrize(("name", "text"), BAD)
def test_a_bad_value_is_refused_with_name_and_value(name: str, text: str) -> None:
    with pytest.raises(SettingError) as refused:
        _from(name, text)
    assert str(refused.value).startswith(f"PORTAL_{name}={text!r}")


@pytest.mark.parametrize(
    ("name", "text"), BAD_BUT_NOT_REFUSED_SO, ids=lambda value: str(value)[:32]
)
def test_a_value_that_is_bad_in_a_rarer_way_is_refused_too(name: str, text: str) -> None:
    with pytest.raises(SettingError) as refused:
        _from(name, text)
    assert f"PORTAL_{name}" in str(refused.value)


@pytest.mark.parametrize("name", sorted(READERS))
def test_an_empty_value_keeps_the_default(name: str) -> None:
    assert _from(name, "") == Settings()


@pytest.mark.parametrize("name", UNKNOWN)
def test_a_name_that_is_no_setting_is_told_and_left_alone(name: str) -> None:
    environment = {f"PORTAL_{name}": "1"}
    assert unknown_names(environment) == (f"PORTAL_{name}",)
    assert Settings.from_environment(environment) == Settings()


def test_only_the_bad_name_is_told_beside_good_ones() -> None:
    environment = {"PORTAL_PORT": "80", "PORTAL_PROT": "80", "PORTAL_SEARCH_URL": "", "PATH": "/"}
    assert unknown_names(environment) == ("PORTAL_PROT",)


def test_other_names_of_the_environment_are_left_alone() -> None:
    environment = {"PATH": "/bin", "portal_port": "x", "MY_PORTAL_PORT": "x", "PORT": "80"}
    assert Settings.from_environment(environment) == Settings()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.7", "2001:db8::1"])  # noqa: S104
def test_an_address_beyond_this_machine_can_be_listened_on(host: str) -> None:
    assert _from("HOST", host).host == host


def test_a_password_is_a_setting_and_never_shown() -> None:
    settings = _from("PASSWORD", "geheim wort")
    assert settings.password == "geheim wort"  # noqa: S105
    assert "geheim" not in repr(settings)


def test_a_password_may_stand_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("  first line \nsecond\n")
    assert _from("PASSWORD_FILE", str(file)).password == "first line"  # noqa: S105


def test_a_password_in_two_places_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("x")
    given = {"PORTAL_PASSWORD": "geheim", "PORTAL_PASSWORD_FILE": str(file)}
    with pytest.raises(SettingError, match="both set") as refused:
        Settings.from_environment(given)
    assert "geheim" not in str(refused.value)


@pytest.mark.parametrize("content", [None, b"", b"\n", b"  \nsecret", b"\xff\xfe"])
def test_a_file_without_a_secret_is_refused_by_name(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "secret"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SettingError, match="PORTAL_PASSWORD_FILE"):
        _from("PASSWORD_FILE", str(file))


def test_a_password_with_a_control_character_is_refused_without_its_words() -> None:
    with pytest.raises(SettingError, match="PORTAL_PASSWORD") as refused:
        _from("PASSWORD", "ge\x1bheim")
    assert "heim" not in str(refused.value)


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"HOST": "::1", "PORT": "81"}, "http://[::1]:81"),
        ({"HOST": "localhost"}, "http://localhost:8000"),
        ({"PUBLIC_URL": "https://chats.example.com"}, "https://chats.example.com"),
        ({"PUBLIC_URL": "https://chats.example.com/", "PORT": "81"}, "https://chats.example.com"),
        ({"PUBLIC_URL": "https://a.example/portal/"}, "https://a.example/portal"),
    ],
)
def test_the_base_address_is_the_public_one_or_what_is_listened_on(
    given: dict[str, str], address: str
) -> None:
    environment = {f"PORTAL_{name}": value for name, value in given.items()}
    assert Settings.from_environment(environment).base_url == address


@pytest.mark.parametrize(
    ("host", "is_local"),
    [
        ("localhost", True),
        ("LOCALHOST", True),
        ("127.0.0.1", True),
        ("127.255.255.254", True),
        ("::1", True),
        ("0.0.0.0", False),  # noqa: S104
        ("128.0.0.1", False),
        ("::2", False),
        ("localhost.example.com", False),
        ("127.1", False),
        ("", False),
    ],
)
def test_a_loopback_host_is_known(host: str, *, is_local: bool) -> None:
    assert is_loopback(host) is is_local


def test_every_setting_is_described_and_nothing_else() -> None:
    assert list(DESCRIPTIONS) == list(READERS)
    assert all(DESCRIPTIONS.values())


def test_every_setting_is_a_field_and_every_field_a_setting() -> None:
    assert [field.name.upper() for field in dataclasses.fields(Settings)] == list(READERS)


def test_settings_cannot_be_changed() -> None:
    settings: Any = Settings()
    with pytest.raises(dataclasses.FrozenInstanceError):
        settings.port = 1


def _from(name: str, text: str) -> Settings:
    return Settings.from_environment({f"PORTAL_{name}": text})
