"""``python -m app.search.compiling CODE PATH``: a language's dictionary into a table."""

import sys
from collections.abc import Callable
from pathlib import Path

import tantivy
from simplemma.strategies.dictionaries import DefaultDictionaryFactory

from app.search.languages import LANGUAGES, Language
from app.search.lemma_table import compile_table


def main(code: str, path: str) -> None:
    """Compile the table of a language."""
    language = LANGUAGES[code]
    dictionaries = DefaultDictionaryFactory(cache_max_size=1)
    lemmas = dictionaries.get_dictionary(language.dictionary)
    compile_table(lemmas, Path(path), grammar_of(language))


def grammar_of(language: Language) -> Callable[[str], bool]:
    """What tells the words of a language's grammar, from Snowball's lists, which tantivy holds.

    Most languages without a stemmer of their own have no list: it tells none then.
    """
    building = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw())
    try:
        analyzer = building.filter(tantivy.Filter.stopword(language.name.lower())).build()
    except ValueError:
        return lambda _: False
    return lambda word: not analyzer.analyze(word)


if __name__ == "__main__":
    main(*sys.argv[1:])
