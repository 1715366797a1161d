"""Which words of a text have forms: the same for the index and for marks, whatever the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.search.inflected import places_of, without_particle, words_of
from app.search.text import analyze, terms


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Two refunds, please", "two refunds please"),
        ("order AB-10025 of 3 lamps", "order of lamps"),
        ("write to eva.k@example.org soon", "write to soon"),
        ("see https://shop.example/returns or shop.example/faq", "see or"),
        ("it broke.Please help", "it broke please help"),
        ("www.shop.com", ""),
        ("l'expédition d’un colis", "l expedition d un colis"),
        ("e-mail or user_name", "e mail or"),
        ("and/or", ""),
        ("返品 refund", "返品 refund"),
        ("Größe ŁÓDŹ", "grosse lodz"),
        ("x²-value", ""),
        ("", ""),
    ],
)
def test_codes_have_no_forms(text: str, words: str) -> None:
    assert " ".join(words_of(text, terms(text))) == words
    assert " ".join(token.text for token in places_of(text)) == words


@given(st.text("ab.AB /:@_1é'’-返\u0301\u00ad\u2028 ", max_size=40))
def test_index_and_marks_see_the_same_words(text: str) -> None:
    found = list(places_of(text))
    assert [token.text for token in found] == list(words_of(text, terms(text)))
    assert set(found) <= set(analyze(text).tokens)


def test_a_very_long_word_takes_no_longer_than_its_length() -> None:
    letters = "a" * 1_000_000
    twice = f"{letters}1 {letters}"
    assert len(list(words_of(letters, terms(letters)))) == 10_000
    assert len(list(words_of(twice, terms(twice)))) == 10_000
    assert len(list(places_of(twice))) == 10_000


@pytest.mark.parametrize(
    ("word", "bare"),
    [
        ("환불을", "환불"),
        ("고객센터에서", "고객센터"),
        ("나는", ""),
        ("환불", ""),
        ("refund은", ""),
        ("", ""),
    ],
)
def test_a_korean_particle_goes(word: str, bare: str) -> None:
    assert without_particle(word) == bare
