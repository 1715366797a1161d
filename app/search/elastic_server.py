"""Calls to an Elasticsearch server: one time-out, one sentence for whatever goes wrong.

Sentences say what is wrong and what to do, without hosts, names or words of a conversation: they
are shown to everybody. A server that does not answer is left alone for a while.
"""

import base64
import gzip
import logging
import math
import threading
import time
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from elastic_transport import ConnectionError as NoConnectionError
from elastic_transport import (
    ConnectionTimeout,
    NdjsonSerializer,
    SerializationError,
    TlsError,
    TransportError,
)
from elasticsearch import ApiError, Elasticsearch, UnsupportedProductError
from msgspec import Struct

from app.errors import EngineError
from app.search.patience import seconds_left

TIME_OUT: Final = 5.0
"""Seconds for one call; a page waits no longer for all that it asks."""
MANY_TIME_OUTS: Final = 3
"""Time-outs in a row after which pages fail at once …"""
LEFT_ALONE: Final = 2.0
"""… for so many seconds. Then one call tries again while the others still fail at once."""
CONNECTIONS: Final = 10
"""Connections to each host that are kept: one for each search at a time, and some for the rest."""
_SPEED: Final = 1
"""The level of compression of what is written: the next ones cost thrice the time for a tenth."""
_ANSWER: Final = {"accept": "application/json", "accept-encoding": "gzip"}
_JSON: Final = {**_ANSWER, "content-type": "application/json"}
_LINES: Final = {**_ANSWER, "content-type": "application/x-ndjson", "content-encoding": "gzip"}
_PRODUCT: Final = ("x-elastic-product", "Elasticsearch")

logging.getLogger("elastic_transport").setLevel(logging.CRITICAL)  # it names hosts; we tell more


class ServerAddress(Struct, frozen=True):
    """Where a server is and how it is spoken to; what is empty is not used.

    ``hosts`` are addresses such as ``https://search.example.com:9200`` of one cluster. A
    certificate is checked against the system's authorities, those of ``ca_file``, or by its
    ``fingerprint`` (SHA-256, hex) alone.
    """

    hosts: tuple[str, ...]
    user: str = ""
    password: str = ""
    api_key: str = ""
    ca_file: str = ""
    fingerprint: str = ""


class Reply(Struct, frozen=True):
    """What the server answered: its status and its JSON."""

    status: int
    body: Any


class UnavailableError(EngineError):
    """The server did not answer, or cannot at the moment: the same call may work later."""


class BusyError(UnavailableError):
    """The server answered that it has no time, or that a part of it is not there."""


class Server:
    """One cluster, called from several threads; ``time_out`` is the seconds for one call."""

    def __init__(self, address: ServerAddress, time_out: float = TIME_OUT) -> None:
        self.time_out = time_out
        self._client = _client(address)
        self._clients: dict[int, Elasticsearch] = {}
        self._circuit = _Circuit(time_out)

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        params: Mapping[str, object] | None = None,
        may_fail: Sequence[int] = (),
        patience: float = 0.0,
    ) -> Reply:
        """One call, whose answer may also have a status of ``may_fail``.

        ``patience`` is the seconds beyond the time-out that it may take.

        Raises ``EngineError`` with a sentence for everything else that is no success;
        ``UnavailableError`` where that may pass by itself.
        """
        seconds = seconds_left(self.time_out + patience)
        if not seconds:
            raise UnavailableError(_LATE)
        with self._circuit:
            return self._call(method, path, body, params, may_fail, seconds)

    def _client_for(self, tenths: int) -> Elasticsearch:
        """The client with a time-out in tenths of a second; making one costs as much as a call."""
        known = self._clients.get(tenths)
        if known is None:
            known = self._client.options(request_timeout=tenths / 10)
            self._clients[tenths] = known
        return known

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _call(
        self,
        method: str,
        path: str,
        body: object,
        params: Mapping[str, object] | None,
        may_fail: Sequence[int],
        seconds: float,
    ) -> Reply:
        client = self._client_for(math.ceil(seconds * 10))
        headers = _JSON
        if isinstance(body, bytes):
            headers, body = _LINES, gzip.compress(body, _SPEED)
        try:
            answer = client.perform_request(method, path, params=params, headers=headers, body=body)
        except ApiError as error:
            if error.meta.status in may_fail and _may_be_its_own(error):
                return Reply(error.meta.status, error.body)
            raise _explained(error) from error
        except (TransportError, UnsupportedProductError) as error:
            raise _explained(error) from error
        return Reply(answer.meta.status, answer.body)


class _Circuit:
    """Lets calls through, unless the last ones all ran out of time."""

    def __init__(self, time_out: float) -> None:
        self._lock = threading.Lock()
        self._time_out = time_out
        self._late = 0
        self._closed_until = 0.0

    def __enter__(self) -> None:
        with self._lock:
            if self._late < MANY_TIME_OUTS:
                return
            now = time.monotonic()
            if now < self._closed_until:
                raise UnavailableError(_LATE)
            self._closed_until = now + LEFT_ALONE + self._time_out  # this one tries; others do not

    def __exit__(self, _kind: object, error: object, _trace: object) -> None:
        with self._lock:
            if isinstance(error, EngineError) and isinstance(error.__cause__, ConnectionTimeout):
                self._late += 1
                self._closed_until = time.monotonic() + LEFT_ALONE
            else:
                self._late = 0


class _AsTheyAre(NdjsonSerializer):
    """Lines that are compressed already; the client would add a line's end to them."""

    mimetype = "application/vnd.elasticsearch+x-ndjson"

    def dumps(self, data: bytes) -> bytes:
        """The bytes themselves."""
        return data


def _client(address: ServerAddress) -> Elasticsearch:
    tls: dict[str, Any] = {}
    if address.fingerprint:
        tls = {"ssl_assert_fingerprint": address.fingerprint, "verify_certs": False}
        tls["ssl_show_warn"] = False
    elif address.ca_file:
        tls = {"ca_certs": address.ca_file}
    return Elasticsearch(
        list(address.hosts),
        retry_on_timeout=False,
        retry_on_status=(),
        max_retries=1,
        retry_backoff_base=0.0,
        meta_header=False,
        connections_per_node=CONNECTIONS,
        headers=_authorization(address),
        serializers={_AsTheyAre.mimetype: _AsTheyAre()},
        **tls,
    )


def _authorization(address: ServerAddress) -> dict[str, str]:
    """The header of who calls; the client's own way takes no letters beyond ASCII."""
    if address.api_key:
        return {"authorization": f"ApiKey {address.api_key}"}
    if address.user:
        pair = f"{address.user}:{address.password}".encode()
        return {"authorization": f"Basic {base64.b64encode(pair).decode()}"}
    return {}


_LATE: Final = "Elasticsearch does not answer in time."
_STATUSES: Final = {
    401: "Elasticsearch does not accept the user or key: check the user and password in "
    "PORTAL_SEARCH_URL, or PORTAL_SEARCH_API_KEY.",
    403: "Elasticsearch does not allow this user to do what the portal needs: "
    "docs/elasticsearch.md lists the rights.",
    404: "The index is not there on Elasticsearch, or was deleted.",
    413: "Elasticsearch does not take a request of this size: raise its http.max_content_length.",
    429: "Elasticsearch has too much to do at the moment.",
    502: "A proxy before Elasticsearch answers that it cannot reach it.",
    503: "Elasticsearch answers, but a part of the index is not there at the moment (red).",
    504: "A proxy before Elasticsearch answers that it takes too long.",
}
_PASSING: Final = frozenset({429, 500, 502, 503, 504})
_NOT_ELASTICSEARCH: Final = (
    "What answers at the address of PORTAL_SEARCH_URL is not Elasticsearch: check host and port."
)
_OTHER_VERSION: Final = (
    "The server at PORTAL_SEARCH_URL is an Elasticsearch of another major version; "
    "this release of the portal needs Elasticsearch 9."
)
_EXPENSIVE: Final = (
    "Elasticsearch refuses searches by the beginning of a word: its setting "
    "search.allow_expensive_queries is false and must be true."
)


def _explained(error: Exception) -> EngineError:
    """A vendor's error as a sentence for people."""
    if isinstance(error, ApiError):
        return _explained_status(error)
    if isinstance(error, UnsupportedProductError | SerializationError):
        return EngineError(_NOT_ELASTICSEARCH)
    if isinstance(error, ConnectionTimeout):
        return UnavailableError(_LATE)
    if isinstance(error, TlsError):
        return EngineError(
            "The connection to Elasticsearch cannot be trusted: its certificate does not fit. "
            "PORTAL_SEARCH_CA_FILE names the authority that signed it, "
            "PORTAL_SEARCH_FINGERPRINT the certificate itself."
        )
    if isinstance(error, NoConnectionError):
        return UnavailableError(f"Elasticsearch cannot be reached: {_no_connection(error)}")
    return EngineError(f"Elasticsearch failed: {type(error).__name__}.")


def _no_connection(error: NoConnectionError) -> str:
    """Which of the usual reasons it is."""
    text = str(error)
    if "Name or service not known" in text or "name resolution" in text or "Resolution" in text:
        return "there is no host of this name. Check PORTAL_SEARCH_URL."
    if "refused" in text:
        return "nothing listens at its address. Is it running, and is the port right?"
    if "Disconnected" in text or "RemoteDisconnected" in text or "aborted" in text:
        return "it closed the connection. Does it speak https, or http?"
    return "the connection failed. Check PORTAL_SEARCH_URL and the network."


def _explained_status(error: ApiError) -> EngineError:
    status = error.meta.status
    kinds = _kinds(error.body)
    if "media_type_header_exception" in kinds:
        return EngineError(_OTHER_VERSION)
    if not _is_elasticsearch(error) and status not in {401, 403, 429, 502, 503, 504}:
        return EngineError(_NOT_ELASTICSEARCH)
    if "cluster_block_exception" in kinds:
        return EngineError(read_only_words(str(error.body)))
    if status == 400 and "allow_expensive_queries" in str(error.body):
        return EngineError(_EXPENSIVE)
    words = _STATUSES.get(status) or f"Elasticsearch refused a request ({status}: {kinds[:80]})."
    return BusyError(words) if status in _PASSING else EngineError(words)


def read_only_words(reason: str) -> str:
    """Why the server takes no writing, from what it says of a block."""
    if "flood-stage" in reason or "disk usage" in reason:
        return (
            "The disk of Elasticsearch is nearly full, so it made the index read-only: "
            "it goes on by itself once there is space."
        )
    return "The index on Elasticsearch is set to read-only: somebody must lift that block."


def _kinds(body: object) -> str:
    """The kinds of error in an answer, joined; empty for what is no error of Elasticsearch."""
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return ""
    causes = [error, *(cause for cause in error.get("root_cause", ()) if isinstance(cause, dict))]
    causes += [inner for inner in [error.get("caused_by")] if isinstance(inner, dict)]
    return " ".join(dict.fromkeys(str(cause.get("type", "")) for cause in causes))


def _may_be_its_own(error: ApiError) -> bool:
    """Whether an answer is that of the server; a request's size is refused before it says who."""
    return _is_elasticsearch(error) or error.meta.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE


def _is_elasticsearch(error: ApiError) -> bool:
    name, value = _PRODUCT
    return bool(error.meta.headers.get(name) == value)
