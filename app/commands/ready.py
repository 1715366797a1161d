"""``portal ready``: whether a portal that runs works, for monitors and containers.

It asks over HTTP, as everybody may: so it learns whether hooks would be taken, not what the files
look like. It must load neither archive nor engine, since monitors start it again and again.
"""

import http.client
import json
from http import HTTPStatus
from typing import Final

import click

from app.settings import Settings, is_every_address

PATIENCE: Final = 5.0
"""Seconds for an answer; a portal that works needs milliseconds."""
LONGEST_ANSWER: Final = 65_536
"""Bytes of an answer that are read; its own are a few hundred."""


@click.command()
@click.option("--live", is_flag=True, help="Ask only whether it lives, as a container does.")
@click.pass_obj
def ready(settings: Settings, *, live: bool) -> None:
    """Say whether the running portal works. The exit status is 0 when it does, else 1.

    With --live it is 0 also while search is away: hooks are taken then, and a restart would not
    bring search back.
    """
    status, said = _ask(_reached(settings.host), settings.port, "/livez" if live else "/readyz")
    for line in _lines(said):
        click.echo(line)
    if status != HTTPStatus.OK:
        raise SystemExit(1)


def _reached(host: str) -> str:
    """Where a portal that listens on a host is asked: every address of a machine is no address."""
    if not is_every_address(host):
        return host
    return "::1" if ":" in host else "127.0.0.1"


def _ask(host: str, port: int, path: str) -> tuple[int, bytes]:
    """Status and body of an answer. Raises ``ClickException`` when there is none."""
    connection = http.client.HTTPConnection(host, port, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read(LONGEST_ANSWER)
    except (OSError, http.client.HTTPException) as error:
        reason = "what listens there does not speak HTTP"
        if isinstance(error, OSError):
            reason = error.strerror or str(error) or type(error).__name__
        shown = f"[{host}]" if ":" in host else host
        raise click.ClickException(
            f"No portal answers at http://{shown}:{port}{path}: {reason}."
        ) from error
    finally:
        connection.close()


def _lines(said: bytes) -> list[str]:
    """What people read: a line for each part, or the text that stood in its place."""
    text = said.decode("utf-8", "replace").strip()
    try:
        parts = json.loads(text)
    except (ValueError, RecursionError):
        return [text]
    if not isinstance(parts, dict):
        return [text]
    verdict = "ready" if parts.pop("ready", False) else "not ready"
    return [verdict, *(f"{name}: {value}" for name, value in parts.items() if value is not None)]
