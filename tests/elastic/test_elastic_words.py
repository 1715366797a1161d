"""What goes wrong with a server, in one line that says what it is and what to do."""

import base64
import hashlib
import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import cluster_for_tests
import pytest
from elastic_world import alias_of, open_elastic
from meddler import Behaviour, Meddler, answer, error

from app.errors import EngineError, NotBuiltError
from app.search.elastic import ElasticEngine
from app.search.elastic_server import TIME_OUT, Server, ServerAddress
from app.search.elastic_words import UnavailableError
from app.search.parameters import SearchQuery
from app.search.patience import within
from cluster.nodes import ask

SHORT: Final = 0.4
"""Seconds of time-out in these tests."""
VERSION_8: Final = error(
    "media_type_header_exception",
    "Invalid media-type value on headers [Accept, Content-Type]",
    "Accept version must be either version 8 or 7, but found 9. "
    "Accept=application/vnd.elasticsearch+json; compatible-with=9",
)
FLOOD: Final = error(
    "cluster_block_exception",
    "index [portal-g1] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage "
    "watermark, index has read-only-allow-delete block];",
)
EXPENSIVE: Final = error(
    "search_phase_execution_exception",
    "all shards failed",
    "[prefix] queries cannot be executed when 'search.allow_expensive_queries' is set to false.",
)
HTML: Final = b"<!doctype html><title>A shop</title>"


@pytest.fixture(name="meddler")
def _meddler() -> Iterator[Meddler]:
    meddler = Meddler(cluster_for_tests.url())
    yield meddler
    meddler.close()


def _engine(url: str, folder: Path, **secrets: str) -> ElasticEngine:
    server = Server(ServerAddress((url,), **secrets), SHORT)
    return ElasticEngine(server, alias_of(folder), "archive")


def _trouble(engine: ElasticEngine) -> EngineError:
    with pytest.raises(EngineError) as told:
        engine.search(SearchQuery())
    return told.value


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        pytest.param(answer(401, error("security_exception")), "user or key", id="password"),
        pytest.param(answer(403, error("security_exception")), "lists the rights", id="rights"),
        pytest.param(answer(400, VERSION_8), "another major version; this release", id="version 8"),
        pytest.param(answer(429, FLOOD), "disk of Elasticsearch is nearly full", id="flood"),
        pytest.param(
            answer(403, error("cluster_block_exception", "index write (api)")),
            "set to read-only",
            id="read-only",
        ),
        pytest.param(answer(400, EXPENSIVE), "allow_expensive_queries is false", id="expensive"),
        pytest.param(answer(503, error("no_shard_available_action_exception")), "red", id="red"),
        pytest.param(
            answer(503, error("cluster_block_exception", "state not recovered / initialized")),
            "is starting",
            id="starting",
        ),
        pytest.param(
            answer(200, HTML, is_elasticsearch=False, kind="text/html"),
            "is not Elasticsearch: check host and port",
            id="another service",
        ),
        pytest.param(
            answer(404, HTML, is_elasticsearch=False, kind="text/html"),
            "is not Elasticsearch: check host and port",
            id="another service without the page",
        ),
        pytest.param(
            answer(200, {"status": "ok"}, is_elasticsearch=False),
            "is not Elasticsearch: check host and port",
            id="another service with JSON",
        ),
        pytest.param(
            answer(502, HTML, is_elasticsearch=False, kind="text/html"),
            "A proxy before Elasticsearch",
            id="a proxy without a server",
        ),
    ],
)
def test_each_cause_has_its_sentence(
    meddler: Meddler, behaviour: Behaviour, words: str, tmp_path: Path
) -> None:
    meddler.always = behaviour
    told = str(_trouble(_engine(meddler.url, tmp_path)))
    assert words in told
    assert "\n" not in told
    assert "localhost" not in told


def test_an_address_where_nothing_listens_has_its_sentence(
    meddler: Meddler, tmp_path: Path
) -> None:
    meddler.close()
    told = _trouble(_engine(meddler.url, tmp_path))
    assert "nothing listens" in str(told)
    assert isinstance(told, UnavailableError)


def test_a_host_that_does_not_exist_has_its_sentence(tmp_path: Path) -> None:
    told = str(_trouble(_engine("http://no-such-host.invalid:9200", tmp_path)))
    assert "there is no host of this name" in told


def test_a_server_without_our_index_says_that_it_is_not_built(
    meddler: Meddler, tmp_path: Path
) -> None:
    assert isinstance(_trouble(_engine(meddler.url, tmp_path)), NotBuiltError)


def test_a_user_and_password_are_sent(meddler: Meddler, tmp_path: Path) -> None:
    secret = base64.b64encode("me:wörd".encode()).decode()
    meddler.always = meddler.wants(f"Basic {secret}")
    right = _engine(meddler.url, tmp_path, user="me", password="wörd")  # noqa: S106
    assert isinstance(_trouble(right), NotBuiltError)
    wrong = _engine(meddler.url, tmp_path, user="me", password="word")  # noqa: S106
    assert "user or key" in str(_trouble(wrong))


def test_a_key_is_sent(meddler: Meddler, tmp_path: Path) -> None:
    meddler.always = meddler.wants("ApiKey Zm9vOmJhcg==")
    right = _engine(meddler.url, tmp_path, api_key="Zm9vOmJhcg==")
    assert isinstance(_trouble(right), NotBuiltError)
    assert "user or key" in str(_trouble(_engine(meddler.url, tmp_path, api_key="eA==")))


@pytest.fixture(name="certificate", scope="module")
def _certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate that signs itself, with its key beside it."""
    openssl = shutil.which("openssl")
    if openssl is None:
        cluster_for_tests.is_missing("The program openssl is not installed.")
    folder = tmp_path_factory.mktemp("tls")
    path = folder / "certificate.pem"
    made = ("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost")
    names = ("-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1")
    subprocess.run(
        [str(openssl), *made, *names, "-keyout", folder / "key.pem", "-out", path],
        check=True,
        capture_output=True,
    )
    return path


@pytest.fixture(name="tls_meddler")
def _tls_meddler(certificate: Path) -> Iterator[Meddler]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))
    meddler = Meddler(cluster_for_tests.url(), context)
    yield meddler
    meddler.close()


def _fingerprint(certificate: Path) -> str:
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(certificate.read_text())).hexdigest()


def test_a_certificate_that_nobody_knows_is_not_trusted(
    tls_meddler: Meddler, tmp_path: Path
) -> None:
    told = str(_trouble(_engine(tls_meddler.url, tmp_path)))
    assert "certificate does not fit" in told


def test_a_certificate_of_the_named_authority_is_trusted(
    tls_meddler: Meddler, certificate: Path, tmp_path: Path
) -> None:
    engine = _engine(tls_meddler.url, tmp_path, ca_file=str(certificate))
    assert isinstance(_trouble(engine), NotBuiltError)


def test_the_certificate_of_the_fingerprint_is_trusted_and_no_other(
    tls_meddler: Meddler, certificate: Path, tmp_path: Path
) -> None:
    right = _engine(tls_meddler.url, tmp_path, fingerprint=_fingerprint(certificate))
    assert isinstance(_trouble(right), NotBuiltError)
    wrong = _engine(tls_meddler.url, tmp_path, fingerprint="ab" * 32)
    assert "certificate does not fit" in str(_trouble(wrong))


def test_a_server_that_speaks_tls_where_none_is_expected_has_a_sentence(
    tls_meddler: Meddler, tmp_path: Path
) -> None:
    plain = tls_meddler.url.replace("https", "http")
    told = str(_trouble(_engine(plain, tmp_path)))
    assert "https, or http" in told or "in time" in told


def test_a_server_without_tls_where_it_is_expected_has_a_sentence(
    meddler: Meddler, tmp_path: Path
) -> None:
    told = str(_trouble(_engine(meddler.url.replace("http", "https"), tmp_path)))
    assert "https, or http" in told or "certificate" in told


def test_the_time_out_is_that_of_a_page() -> None:
    assert TIME_OUT == Server(ServerAddress(("http://localhost:9",))).time_out == 5.0


def test_a_server_that_hangs_is_waited_for_once_and_not_asked_again(
    meddler: Meddler, tmp_path: Path
) -> None:
    meddler.always = meddler.hang
    start = time.monotonic()
    told = _trouble(_engine(meddler.url, tmp_path))
    assert "does not answer in time" in str(told)
    assert SHORT <= time.monotonic() - start < SHORT * 2
    assert len(meddler.seen) == 1


def test_a_connection_that_breaks_is_tried_once_more(meddler: Meddler, tmp_path: Path) -> None:
    meddler.play(meddler.cut)
    assert isinstance(_trouble(_engine(meddler.url, tmp_path)), NotBuiltError)
    assert len(meddler.seen) == 2


def test_after_three_time_outs_a_search_fails_at_once_and_then_one_tries_again(
    meddler: Meddler, tmp_path: Path
) -> None:
    meddler.always = meddler.hang
    engine = _engine(meddler.url, tmp_path)
    for _ in range(3):
        _trouble(engine)
    start = time.monotonic()
    for _ in range(50):
        assert "does not answer in time" in str(_trouble(engine))
    assert time.monotonic() - start < SHORT
    assert len(meddler.seen) == 3
    meddler.always = None
    meddler.let_go()
    deadline = time.monotonic() + 10
    while not isinstance(_trouble(engine), NotBuiltError):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert len(meddler.seen) == 4


def test_glances_that_run_out_of_time_do_not_keep_a_search_from_trying(
    meddler: Meddler, tmp_path: Path
) -> None:
    meddler.always = meddler.hang
    engine = _engine(meddler.url, tmp_path)
    for _ in range(3):
        with within(SHORT / 5):
            _trouble(engine)
    assert len(meddler.seen) == 3
    meddler.always = None
    meddler.let_go()
    assert isinstance(_trouble(engine), NotBuiltError)


def test_what_one_page_asks_takes_no_longer_than_one_patience(
    meddler: Meddler, tmp_path: Path
) -> None:
    engine = open_elastic(tmp_path)
    engine.rebuild([], "stamp", lambda: 0)
    slow = open_elastic(tmp_path, url=meddler.url, time_out=SHORT)
    assert slow.total(SearchQuery()) == 0
    meddler.always = meddler.hang
    start = time.monotonic()
    with within(0.2):
        for _ in range(3):
            assert "does not answer in time" in str(_trouble(slow))
    assert time.monotonic() - start < SHORT


def test_a_name_that_is_an_index_of_somebody_else_has_its_sentence(tmp_path: Path) -> None:
    engine = open_elastic(tmp_path)
    ask(f"{cluster_for_tests.url()}/{alias_of(tmp_path)}", "PUT")
    told = str(_trouble(engine))
    assert "an index that the portal did not make" in told
    with pytest.raises(EngineError, match="did not make"):
        engine.rebuild([], "stamp", lambda: 0)
    ask(f"{cluster_for_tests.url()}/{alias_of(tmp_path)}", "DELETE")
