"""Calls to an Elasticsearch server: one time-out, one sentence for whatever goes wrong.

A server that does not answer is left alone for a while.
"""

import base64
import gzip
import logging
import math
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

from elastic_transport import (
    ConnectionTimeout,
    NdjsonSerializer,
    TransportError,
)
from elasticsearch import ApiError, Elasticsearch, UnsupportedProductError
from msgspec import Struct

from app.errors import EngineError
from app.search.elastic_words import LATE, UnavailableError, explained, may_be_its_own
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
            raise UnavailableError(LATE)
        with self._circuit.around(seconds):
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
            if error.meta.status in may_fail and may_be_its_own(error):
                return Reply(error.meta.status, error.body)
            raise explained(error) from error
        except (TransportError, UnsupportedProductError) as error:
            raise explained(error) from error
        return Reply(answer.meta.status, answer.body)


def mapping_in(body: object) -> Mapping[str, Any]:
    """An answer that must be a JSON object. Raises ``EngineError`` for anything else."""
    if not isinstance(body, dict):
        raise EngineError("Elasticsearch answered with something else than JSON.")
    return body


class _Circuit:
    """Lets calls through, unless the last ones all ran out of time.

    A call that waits less than half of the time-out, such as a timeline's glance at the index, says
    nothing about the server when it runs out: it is not counted.
    """

    def __init__(self, time_out: float) -> None:
        self._lock = threading.Lock()
        self._time_out = time_out
        self._late = 0
        self._closed_until = 0.0

    @contextmanager
    def around(self, seconds: float) -> Iterator[None]:
        """A call that waits so long; ``UnavailableError`` at once while none is let through."""
        self._enter()
        try:
            yield
        except EngineError as error:
            if isinstance(error.__cause__, ConnectionTimeout):
                self._ran_out(counts=seconds >= self._time_out / 2)
            else:
                self._answered()
            raise
        else:
            self._answered()

    def _enter(self) -> None:
        with self._lock:
            if self._late < MANY_TIME_OUTS:
                return
            now = time.monotonic()
            if now < self._closed_until:
                raise UnavailableError(LATE)
            self._closed_until = now + LEFT_ALONE + self._time_out  # this one tries; others do not

    def _ran_out(self, *, counts: bool) -> None:
        with self._lock:
            self._late += counts
            self._closed_until = time.monotonic() + LEFT_ALONE

    def _answered(self) -> None:
        with self._lock:
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
