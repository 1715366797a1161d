"""What the address of a request names: a conversation of the archive, a search."""

from app.archive.reading import Archived
from app.language import gettext as _
from app.search.parameters import SearchQuery
from app.web.portal import AnyRequest, Portal, query_lists
from app.web.problems import MissingError


def find_conversation(portal: Portal, conversation_id: str) -> Archived:
    """The conversation of an id. Raises ``MissingError`` when there is none."""
    archived = portal.reader.read(conversation_id)
    if archived is None:
        raise MissingError(_("The archive holds no conversation of this address."))
    return archived


def query_of(request: AnyRequest, portal: Portal) -> SearchQuery:
    """The search that the parameters of a request describe."""
    zone = portal.settings.time_zone
    return SearchQuery.from_params(query_lists(request), zone, portal.inflecting)
