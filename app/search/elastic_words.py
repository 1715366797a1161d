"""What goes wrong with an Elasticsearch server, as sentences for people. Pure.

They say what is wrong and what to do, without hosts, names or words of a conversation: they are
shown to everybody.
"""

from http import HTTPStatus
from typing import Final

from elastic_transport import ConnectionError as NoConnectionError
from elastic_transport import ConnectionTimeout, SerializationError, TlsError
from elasticsearch import ApiError, UnsupportedProductError

from app.errors import EngineError

_PRODUCT: Final = ("x-elastic-product", "Elasticsearch")


class UnavailableError(EngineError):
    """The server did not answer, or cannot at the moment: the same call may work later."""


class BusyError(UnavailableError):
    """The server answered that it has no time, or that a part of it is not there."""


LATE: Final = "Elasticsearch does not answer in time."
STATUS_WORDS: Final = {
    401: "Elasticsearch does not accept the user or key: check the user and password in "
    "PORTAL_SEARCH_URL, or PORTAL_SEARCH_API_KEY.",
    403: "Elasticsearch does not allow this user to do what the portal needs: "
    "docs/elasticsearch.md lists the rights.",
    404: "The index is not there on Elasticsearch, or was deleted.",
    413: "Elasticsearch does not take a request of this size: raise its http.max_content_length.",
    429: "Elasticsearch has too much to do at the moment.",
    502: "A proxy before Elasticsearch answers that it cannot reach it.",
    503: "Elasticsearch is starting, or a part of the index is not there at the moment (red).",
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


def explained(error: Exception) -> EngineError:
    """A vendor's error as a sentence for people."""
    if isinstance(error, ApiError):
        return _explained_status(error)
    if isinstance(error, UnsupportedProductError | SerializationError):
        return EngineError(_NOT_ELASTICSEARCH)
    if isinstance(error, ConnectionTimeout):
        return UnavailableError(LATE)
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
    if not is_elasticsearch(error) and status not in {401, 403, 429, 502, 503, 504}:
        return EngineError(_NOT_ELASTICSEARCH)
    if "cluster_block_exception" in kinds and status != HTTPStatus.SERVICE_UNAVAILABLE:
        return EngineError(read_only_words(str(error.body)))
    if status == 400 and "allow_expensive_queries" in str(error.body):
        return EngineError(_EXPENSIVE)
    words = STATUS_WORDS.get(status) or f"Elasticsearch refused a request ({status}: {kinds[:80]})."
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


def may_be_its_own(error: ApiError) -> bool:
    """Whether an answer is that of the server; a request's size is refused before it says who."""
    return is_elasticsearch(error) or error.meta.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE


def is_elasticsearch(error: ApiError) -> bool:
    name, value = _PRODUCT
    return bool(error.meta.headers.get(name) == value)
