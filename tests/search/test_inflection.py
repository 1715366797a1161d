"""Forms of words: what two forms of one word share, and what words must not share."""

from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from real_tables import real_inflections
from simplemma.strategies.dictionaries import DefaultDictionaryFactory
from small_tables import small_inflections
from Stemmer import algorithms

from app.search.compiling import grammar_of
from app.search.folding import fold
from app.search.inflection import Inflections
from app.search.languages import LANGUAGES
from app.search.lemma_table import SHORTEST_FOLDED, LemmaTable, compile_table
from app.search.tables import Tables


@pytest.fixture(name="inflections", scope="module")
def _inflections(tmp_path_factory: pytest.TempPathFactory) -> Inflections:
    return small_inflections(tmp_path_factory.mktemp("tables"))


def _meet(inflections: Inflections, language: str, one: str, other: str) -> bool:
    forms = [set(inflections.forms(language, fold(word))) for word in (one, other)]
    return bool(forms[0] & forms[1])


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("cs", "reklamaci", "reklamace"),
        ("cs", "ucet", "účtu"),
        ("cs", "objednávkami", "objednávka"),
        ("de", "Buch", "Bücher"),
        ("de", "buecher", "Buch"),
        ("de", "groessen", "Größe"),
        ("de", "schicken", "geschickt"),
        ("de", "Rücksendungen", "ruecksendung"),
        ("en", "children", "child"),
        ("en", "Returning", "returned"),
        ("he", "ההזמנות", "הזמנה"),
        ("ar", "والطلب", "طلبات"),
    ],
)
def test_forms_of_one_word_share_one(
    inflections: Inflections, language: str, one: str, other: str
) -> None:
    assert _meet(inflections, language, one, other)


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("cs", "reklamace", "reklama"),
        ("de", "Buch", "Bucht"),
        ("de", "de", "geben"),
        ("en", "child", "chill"),
    ],
)
def test_other_words_share_none(
    inflections: Inflections, language: str, one: str, other: str
) -> None:
    assert not _meet(inflections, language, one, other)


def test_forms_carry_their_language(inflections: Inflections) -> None:
    assert inflections.forms("cs", "reklamaci") == ("cs=reklamace", "cs~reklamak")
    everywhere = inflections.forms_everywhere("sent")
    assert {form[:2] for form in everywhere} == {"cs", "de", "en"}


@pytest.mark.parametrize(
    "word", ["reklamaci", "e", "שלום", "طلبات", "返品", "10025", "ж", "x2", ""]
)
def test_only_words_of_its_script_have_forms_in_a_language(
    inflections: Inflections, word: str
) -> None:
    scripts = {"reklamaci": {"cs", "de", "en"}, "שלום": {"he"}, "طلبات": {"ar"}}
    everywhere = inflections.forms_everywhere(word)
    assert {form[:2] for form in everywhere} == scripts.get(word, set())


def test_a_word_that_no_dictionary_knows_has_only_its_stem(inflections: Inflections) -> None:
    assert inflections.forms("en", "zzyzxes") == ("en~zzyzx",)
    assert inflections.forms("en", "zyx") == ("en=zyx", "en~zyx")


def test_the_forms_of_several_words_are_told_once(inflections: Inflections) -> None:
    words = ["reklamaci", "reklamace", "children", "10025"]
    each = [inflections.forms(code, word) for code in ("cs", "en") for word in words]
    found = inflections.forms_of_all(["en", "cs", "xx"], words)
    assert sorted(set(found.split())) == sorted({form for forms in each for form in forms})
    assert inflections.forms_of_all([], words) == ""


def test_a_language_without_a_table_has_no_forms(inflections: Inflections) -> None:
    assert inflections.forms("pl", "reklamacji") == ()
    assert inflections.forms("", "word") == ()
    assert inflections.forms("xx", "word") == ()


@given(
    st.dictionaries(
        st.text("aáčdeě\u0301fghiž'’-ßüöяжיה", min_size=1, max_size=20),
        st.text("aáčdeě\u0301fghižßüöяжיה", min_size=1, max_size=20),
        max_size=30,
    )
)
def test_every_entry_of_a_dictionary_is_found_folded(entries: dict[str, str]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "table"
        compile_table(entries, path)
        table = LemmaTable(path)
        for form, lemma in entries.items():
            if len(fold(form)) >= SHORTEST_FOLDED or fold(form) == form.lower():
                assert fold(lemma) in (table.lemmas(fold(form)) or ())


def test_every_language_has_what_it_names() -> None:
    dictionaries = DefaultDictionaryFactory(cache_max_size=1)
    for language in LANGUAGES.values():
        assert not language.stemmer or language.stemmer in algorithms()
        if language.dictionary in {"bg", "en", "he"}:
            assert dictionaries.get_dictionary(language.dictionary)


@pytest.mark.slow
def test_a_table_is_compiled_apart_and_then_there(tmp_path: Path) -> None:
    tables = Tables(tmp_path / "languages")
    assert tables.present() == {}
    tables.compile("he")
    assert list(tables.present()) == ["he"]
    assert list((tmp_path / "languages").iterdir()) == [tables.path_of("he")]
    inflections = Inflections(tables.present())
    assert inflections.languages == ("he",)
    assert "he=חולצה" in inflections.forms("he", "חולצה")


def test_words_of_grammar_have_no_other_forms(tmp_path: Path) -> None:
    lemmas = {"fueron": "ser", "es": "ser", "está": "estar", "pedidos": "pedido"}
    grammar = grammar_of(LANGUAGES["es"])
    compile_table(lemmas, tmp_path / "es", grammar)
    spanish = Inflections({"es": tmp_path / "es"})
    assert [spanish.forms("es", word) for word in ("fueron", "es", "esta")] == [(), (), ()]
    assert spanish.forms("es", "pedidos") == ("es=pedido", "es~ped")
    assert not grammar_of(LANGUAGES["cs"])("je")


@pytest.mark.slow
@pytest.mark.parametrize("code", [one.code for one in LANGUAGES.values() if one.dictionary])
def test_words_begin_as_is_told_of_their_forms(code: str) -> None:
    """Marks are looked for by beginnings alone: none may be missing."""
    known = real_inflections()
    dictionary = DefaultDictionaryFactory(cache_max_size=1).get_dictionary(
        LANGUAGES[code].dictionary
    )
    words = Random(code).sample(sorted({fold(word) for word in dictionary}), 5_000)  # noqa: S311
    for word in words:
        for form in known.forms(code, word):
            beginnings = known.beginnings(code, [form])
            assert beginnings is None or word.startswith(beginnings), form


def test_irregular_forms_begin_otherwise_than_their_lemma(tmp_path: Path) -> None:
    compile_table({"went": "go", "gone": "go", "goes": "go"}, tmp_path / "en")
    english = Inflections({"en": tmp_path / "en"})
    assert set(english.beginnings("en", english.forms("en", "goes")) or ()) == {"go", "we"}
    assert english.beginnings("xx", ["xx=go"]) == ()
