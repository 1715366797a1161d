"""The address of Elasticsearch: what is read from the setting, and what is refused unseen."""

import pytest

from app.errors import SettingError
from app.search_address import SearchAddress, read_search_address
from app.settings import Settings

NAME = "PORTAL_SEARCH_URL"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (
            "http://localhost:9200/portal",
            SearchAddress(hosts=("http://localhost:9200",), index="portal"),
        ),
        (
            "https://a.example:9200,b.example:9201,[::1]:9202/shop-1",
            SearchAddress(
                hosts=("https://a.example:9200", "https://b.example:9201", "https://[::1]:9202"),
                index="shop-1",
            ),
        ),
        (
            "https://me:p%40ss%2Fw%3Ard@localhost:9200/p",
            SearchAddress(
                hosts=("https://localhost:9200",),
                index="p",
                user="me",
                password="p@ss/w:rd",  # noqa: S106
            ),
        ),
        (
            "http://me@localhost:9200/p",
            SearchAddress(hosts=("http://localhost:9200",), index="p", user="me"),
        ),
    ],
)
def test_an_address_is_read(text: str, address: SearchAddress) -> None:
    assert read_search_address(NAME, text) == address


@pytest.mark.parametrize(
    "text",
    [
        "localhost:9200/portal",
        "ftp://localhost:9200/portal",
        "http://localhost/portal",
        "http://:9200/portal",
        "http://localhost:9200",
        "http://localhost:9200/",
        "http://localhost:9200/Portal",
        "http://localhost:9200/-portal",
        "http://localhost:9200/portal-g7",
        "http://localhost:9200/por*tal",
        "http://localhost:9200/" + "x" * 101,
        "http://localhost:9200,/portal",
        "http://localhost:9200?x=1/portal",
        "http://localhost:99999/portal",
        "http://me:se/cret@localhost:9200",
        "http://me:sec ret@local host:9200/p",
        "http://[::1:9200/p",
        "https://",
        "nonsense",
    ],
)
def test_what_is_no_address_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(SettingError) as refused:
        read_search_address(NAME, text)
    told = str(refused.value)
    assert told.startswith(NAME)
    assert not any(part in told for part in ("cret", "ret@", "nonsense", "99999"))


def test_a_password_is_never_shown() -> None:
    given = {NAME: "http://me:geheim@localhost:9200/p", "PORTAL_SEARCH_PASSWORD": "geheim2"}
    settings = Settings.from_environment({**given, "PORTAL_SEARCH_API_KEY": "geheim3"})
    assert settings.search_url is not None
    assert settings.search_url.password == "geheim"  # noqa: S105
    assert "geheim" not in repr(settings)
