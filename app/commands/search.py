"""``portal search``: the search page for terminals and scripts."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import click
import msgspec

from app.archive.reading import ConversationReader
from app.main import create_inflecting, create_search_engine
from app.search.elastic_body import search_body
from app.search.parameters import FILTER_NAMES, Param, SearchQuery
from app.settings import Settings
from app.web.api import search_answer
from app.web.search_view import SearchPage
from app.web.searching import run_search
from app.web.shell import Frame

_SINGLE = (
    *(Param.VISITOR, Param.FROM, Param.TO, Param.SORT),
    *(Param.PAGE, Param.PER_PAGE, Param.AFTER),
)


def _with_options(command: click.Command) -> click.Command:
    """Every search parameter as an option of its name; filters may be repeated."""
    for name in FILTER_NAMES:
        command.params.append(click.Option([f"--{name}", name], multiple=True))
    for name in _SINGLE:
        command.params.append(click.Option([f"--{name.replace('_', '-')}", name], multiple=True))
    return command


@click.command()
@click.argument("text", metavar="QUERY", default="")
@click.option("--ids", is_flag=True, help="Print one id a line.")
@click.option("--json", "as_json", is_flag=True, help="Print what the API answers.")
@click.option("--body", is_flag=True, help="Print the request that Elasticsearch is sent.")
@click.pass_obj
def search(
    settings: Settings,
    /,
    text: str,
    *,
    ids: bool,
    as_json: bool,
    body: bool,
    **params: Sequence[str],
) -> None:
    """Search conversations; QUERY takes the words of /help/search."""
    lists: dict[str, Any] = {Param.TEXT: [text], **{name: list(v) for name, v in params.items()}}
    inflecting = create_inflecting(settings)
    query = SearchQuery.from_params(lists, settings.time_zone, inflecting)
    if body:
        click.echo(msgspec.json.format(msgspec.json.encode(search_body(query, ()))).decode())
        return
    frame = Frame("", "", "system", settings.time_zone, None, datetime.now(UTC))
    reader = ConversationReader(settings.data_dir)
    page = run_search(create_search_engine(settings), reader, query, frame)
    if as_json:
        click.echo(msgspec.json.encode(search_answer(page)).decode())
    elif ids:
        click.echo("".join(f"{result.id}\n" for result in page.results), nl=False)
    else:
        _print(page)


def _print(page: SearchPage) -> None:
    for notice in page.shell.notices:
        click.echo(notice.text, err=True)
    click.echo(f"{page.heading}, {page.summary}")
    for result in page.results:
        who = " ".join(filter(None, (result.name or "Visitor", result.country_code)))
        click.echo(f"\n{result.began.text}  {who}  {result.rating.label}  {result.id}")
        for snippet in result.snippets:
            words = "".join(click.style(p.text, bold=p.hit) for p in snippet.parts)
            click.echo(f"  {snippet.label}: {' '.join(words.split())}")


search = _with_options(search)
