"""``python -m app.search.compiling CODE PATH``: a language's dictionary into a table."""

import sys
from pathlib import Path

from simplemma.strategies.dictionaries import DefaultDictionaryFactory

from app.search.languages import LANGUAGES
from app.search.lemma_table import compile_table


def main(code: str, path: str) -> None:
    """Compile the table of a language."""
    dictionaries = DefaultDictionaryFactory(cache_max_size=1)
    compile_table(dictionaries.get_dictionary(LANGUAGES[code].dictionary), Path(path))


if __name__ == "__main__":
    main(*sys.argv[1:])
