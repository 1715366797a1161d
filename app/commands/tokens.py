"""``portal tokens``: shows what the analyzer makes of a text, for people who wonder why."""

import click

from app.search.text import terms


@click.command()
@click.argument("text")
def tokens(text: str) -> None:
    """Print the tokens of TEXT: in order, then with compounds as wholes, then single characters."""
    found = terms(text)
    for label, words in (
        ("tokens", found.folded),
        ("wholes", found.whole),
        ("singles", found.singles),
    ):
        if words:
            click.echo(f"{label}: {' '.join(words)}")
