"""Marks: a table of queries and marked texts; what is excluded or failed is never marked.

Marked stretches stand between ⟦ and ⟧; without them the text is what was sent.
"""

from zoneinfo import ZoneInfo

import pytest

from app.search.clauses import clause_of
from app.search.highlight import Highlight, Highlighter, Part, Passage, Subject, cut
from app.search.parameters import SearchQuery

UTC = ZoneInfo("UTC")
KEYWORDS = {"rating": ("bad",), "country": ("CZ",), "outcome": ("chat",), "agent": ("jonas",)}
BEGIN_MS = 1_767_225_600_000
"""1 January 2026, midnight UTC."""


def looked_for(typed: str, *passages: Passage) -> Highlight:
    query = SearchQuery.from_params({"q": [typed]}, UTC)
    return Highlighter(clause_of(query)).look(Subject(passages, KEYWORDS, BEGIN_MS))


def plain(marked: str) -> str:
    return marked.replace("⟦", "").replace("⟧", "")


def shown(parts: tuple[Part, ...]) -> str:
    return "".join(f"⟦{part.text}⟧" if part.hit else part.text for part in parts)


def said(marked: str, place: str = "visitor", number: int | None = 1) -> Passage:
    return Passage(place, plain(marked), number)


def marks(found: Highlight) -> list[str]:
    """Every passage with its marks, the unmarked ones as they are."""
    return [
        shown(cut(passage.text, found.marks.get(index, ())))
        for index, passage in enumerate(found.passages)
    ]


ONE_TEXT = [
    # words
    ("refund", "a ⟦refund⟧, please", "a word"),
    ("refund", "⟦Refund⟧ ⟦REFUND⟧ refunds", "every occurrence in any case, no longer word"),
    ("refund please", "a ⟦refund⟧, ⟦please⟧", "all words of a query"),
    ("refund please", "a refund, pleased", "nothing when one of them is missing"),
    ("strasse", "in der ⟦Straße⟧ 5", "folding makes it longer"),
    ("Muller", "Herr ⟦Mu\u0308ller⟧ sagt", "decomposed in the text"),
    ("Mu\u0308ller", "Herr ⟦Muller⟧ sagt", "decomposed in the query"),
    ("lodz", "⟦Łódź⟧ ⟦lodz⟧ łodzi", "with and without strokes"),
    ("ΑΘΗΝΑ", "στην ⟦Αθήνα⟧", "Greek"),
    ("елка", "новогодняя ⟦Ёлка⟧", "Cyrillic"),
    ("كتاب", "هذا ⟦كِتَابٌ⟧ جديد", "Arabic with vowel signs"),
    ("שלום", "⟦שָׁלוֹם⟧ לכם", "Hebrew with points"),
    ("हिन्दी", "मैं ⟦हिन्दी⟧ बोलता हूँ", "Devanagari"),
    ("123", "no. ⟦١٢٣⟧ and ⟦१२३⟧", "digits of other scripts"),
    ("versand", "⟦Ver\u00adsand⟧ frei", "soft hyphens"),
    ("foobar", "\u200b⟦foo\u200bbar⟧\u200b", "zero-width spaces"),
    ("fi", "⟦ﬁ⟧ fin", "a ligature is one character"),
    ("الله", "x ⟦ﷺ⟧ y", "a ligature of four words"),
    ("e", "👍 ⟦é⟧ 👍", "behind characters beyond the first plane"),
    ("2", "⟦½⟧", "half of a fraction"),
    # phrases
    ('"gift card"', "a ⟦gift card⟧ and a ⟦gift, card⟧", "a phrase goes across signs"),
    ('"gift card"', "card gift", "not the other way round"),
    ('"gift card"', "gift my card", "not with a word between"),
    ('"gift card"', "⟦gift\n\tcard⟧", "across white space"),
    ('"gift"', "a ⟦gift⟧", "of one word"),
    ('"a b a"', "⟦a b a b a⟧ b", "overlapping phrases are one stretch"),
    # prefixes
    ("deliver*", "⟦Delivery⟧ was ⟦delivered⟧, cheaply", "whole words are marked"),
    ("d*", "⟦do⟧ it, ⟦dad⟧", "of one letter"),
    ("s*", "⟦ß⟧ ⟦so⟧", "of a folded letter"),
    # compounds
    ("don't", "I ⟦dont⟧, ⟦don't⟧, ⟦don’t⟧, ⟦don t⟧", "all ways of writing"),
    ("that", "⟦that⟧'s it", "a part"),
    ("adresse", "L'⟦adresse⟧", "a part behind an apostrophe"),
    ("10025", "order AB-⟦10025⟧", "the number of an order"),
    ("ab10025", "order ⟦AB-10025⟧", "the whole"),
    ("AB-10025", "⟦AB10025⟧ ⟦AB 10025⟧ ⟦ab/10025⟧ AB-10026", "a whole finds every way"),
    ("AB-10*", "⟦AB-10025⟧ AB-20025", "a prefix of the whole"),
    ("example.com", "jan.novak@⟦example.com⟧", "an e-mail by its domain"),
    ("jan.novak@example.com", "to ⟦jan.novak@example.com⟧.", "an e-mail"),
    ("shop.example.com", "see https://⟦shop.example.com⟧/cart?id=5", "a URL by its host"),
    ('"don\'t worry"', "⟦dont worry⟧, ⟦don’t worry⟧", "in quotes too"),
    ('"order AB-10025"', "⟦order AB10025⟧ ⟦order AB-10025⟧", "a whole in a phrase"),
    # without spaces
    ("猫", "黒⟦猫⟧です、⟦猫⟧", "one character"),
    ("黒猫", "⟦黒猫⟧です", "a bigram"),
    ("黒猫で", "⟦黒猫で⟧す", "three characters"),
    ("猫黒", "黒猫です", "not the other way round"),
    ("日本*", "⟦日本⟧語", "a beginning of a run"),
    ("本*", "日⟦本語⟧", "one character as a prefix marks its bigrams"),
    ("ガキ", "⟦ｶﾞｷ⟧だ", "half-width kana"),
    ("かき", "がき", "voicing makes another word"),
    ("한국", "⟦한국⟧어", "Hangul without its particle"),
    ("한국", "⟦\u1112\u1161\u11ab\u1100\u116e\u11a8⟧어", "Hangul letter by letter"),
    ("สวัส", "⟦สวัส⟧ดี", "Thai"),
    ("ລາວ", "ພາສາ⟦ລາວ⟧", "Lao"),
    ("ភាសា", "⟦ភាសា⟧ខ្មែរ", "Khmer"),
    # emoji
    ("👍", "ok ⟦👍🏽⟧! ⟦👍⟧", "with and without skin tone"),
    ("👍🏽", "ok ⟦👍⟧", "a skin tone in the query"),
    ("❤", "⟦❤️⟧ x", "with the emoji selector"),
    ("👨\u200d👩\u200d👧", "⟦👨\u200d👩\u200d👧⟧ 👨", "a family is one emoji"),
    ("🇨🇿", "🇩🇪⟦🇨🇿⟧", "a flag beside a flag"),
    ("👍", "⟦👍👍⟧", "neighbours are one stretch"),
    # alternatives
    ("a OR b", "⟦a⟧ x ⟦b⟧", "both alternatives hold"),
    ("a OR (b c)", "⟦a⟧ b", "not the half of an alternative that failed"),
    ("a OR (b -x)", "⟦a⟧ b x", "nor one that an exclusion made fail"),
    ("(a OR b) c", "⟦a⟧ ⟦c⟧", "one alternative is enough"),
    ("(a OR b) c", "a b", "nothing when the rest fails"),
    # exclusions
    ("a -b", "⟦a⟧ c", "an excluded word that is not there"),
    ("a -b", "a b", "an excluded word that is there"),
    ("a OR -b", "⟦a⟧ b", "an excluded word is never marked"),
    ("-b", "a", "an exclusion alone marks nothing"),
    ("-(-a)", "⟦a⟧", "a double negation is none"),
    ("a -(b -c)", "⟦a⟧ b c", "nor is what an exclusion excludes"),
    # filters
    ("rating:bad a", "⟦a⟧ bad", "a filter marks nothing"),
    ("a rating:good", "a good", "a filter that fails"),
    ("a OR rating:good", "⟦a⟧", "an alternative filter that fails"),
    ("a -rating:bad", "a", "an excluded filter that holds"),
    ("a after:2026-01-01", "⟦a⟧", "begun on the day"),
    ("a after:2026-01-02", "a", "begun before"),
    ("a before:2026-01-01", "⟦a⟧", "the last day is included"),
    ("a before:2025-12-31", "a", "begun later"),
    ("a by:Jonas", "⟦a⟧ Jonas", "a person is a filter"),
    # nothing
    ("", "a b", "the empty query"),
    ("a", "", "the empty text"),
    ("a", "…", "a text of signs"),
]


@pytest.mark.parametrize(("typed", "marked", "reason"), ONE_TEXT, ids=[r[2] for r in ONE_TEXT])
def test_a_query_marks_this_of_a_text(typed: str, marked: str, reason: str) -> None:
    assert marks(looked_for(typed, said(marked))) == [marked], reason


SEVERAL = [
    ("refund", [("visitor", "⟦refund⟧"), ("agent", "⟦refund⟧"), ("facts", "⟦refund⟧")], "a word"),
    ("visitor:late", [("visitor", "⟦late⟧"), ("agent", "late")], "only where the role said it"),
    ("automatic:hi", [("automatic", "⟦hi⟧"), ("agent", "hi")], "automatic is no agent"),
    ("visitor:late", [("agent", "late")], "nothing when another role said it"),
    ("visitor:refund", [("visitor", "⟦refund⟧"), ("facts", "refund")], "a fact is no role"),
    ("a b", [("visitor", "⟦a⟧"), ("agent", "⟦b⟧")], "words in different messages"),
    ("a b", [("visitor", "⟦a⟧"), ("facts", "⟦b⟧")], "a word in a fact"),
    ('"a b"', [("visitor", "a"), ("visitor", "b")], "a phrase stays inside a message"),
    ('"a b"', [("visitor", "a"), ("agent", "b"), ("visitor", "⟦a b⟧")], "and is found in one"),
    ("a-b", [("visitor", "a"), ("visitor", "b")], "a compound stays inside a message"),
    ("日本", [("visitor", "日"), ("visitor", "本")], "so does an unspaced word"),
    ("a -b", [("visitor", "a"), ("agent", "b")], "an excluded word in another message"),
    ("a -visitor:b", [("visitor", "⟦a⟧"), ("agent", "b")], "excluded where nobody said it"),
    ("a -visitor:b", [("visitor", "a b"), ("agent", "b")], "excluded where somebody said it"),
    ("visitor:(a -b)", [("visitor", "⟦a⟧"), ("agent", "b")], "an exclusion inside a role"),
    ("visitor:(a OR b)", [("visitor", "⟦a⟧"), ("agent", "b")], "an alternative inside a role"),
    ("visitor:a OR agent:b", [("visitor", "⟦a⟧ b"), ("agent", "a ⟦b⟧")], "a role each"),
    ("visitor:a a", [("visitor", "⟦a⟧"), ("agent", "⟦a⟧")], "a word with and without a role"),
    ("jan@x.cz", [("facts", "⟦jan@x.cz⟧"), ("visitor", "jan")], "an address in a fact"),
]


@pytest.mark.parametrize(("typed", "texts", "reason"), SEVERAL, ids=[row[2] for row in SEVERAL])
def test_a_query_marks_this_of_several_texts(
    typed: str, texts: list[tuple[str, str]], reason: str
) -> None:
    passages = [said(marked, place, n) for n, (place, marked) in enumerate(texts, start=1)]
    assert marks(looked_for(typed, *passages)) == [marked for _, marked in texts], reason


def test_hits_are_the_numbers_of_messages_with_a_mark() -> None:
    found = looked_for("a", said("a", number=7), said("b", number=8), said("a a", number=9))
    assert found.hits == (7, 9)


def test_hits_are_in_order_whatever_order_the_passages_have() -> None:
    found = looked_for("a", said("a", number=9), said("a", "agent", number=2))
    assert found.hits == (2, 9)


def test_a_mark_in_a_fact_is_no_hit_of_a_message() -> None:
    found = looked_for("a", said("a", "facts", None), said("b"))
    assert (found.hits, len(found.marks)) == ((), 1)


def test_a_message_with_a_mark_is_cut_into_parts() -> None:
    found = looked_for("b", said("a b c", number=4))
    assert found.parts_of(4) == (
        Part("a ", hit=False),
        Part("b", hit=True),
        Part(" c", hit=False),
    )


@pytest.mark.parametrize("number", [2, 99], ids=["without a mark", "that is none"])
def test_a_message_without_a_mark_has_no_parts(number: int) -> None:
    assert looked_for("a", said("a"), said("b", number=2)).parts_of(number) is None


def test_marks_of_a_message_are_counted_as_stretches() -> None:
    found = looked_for("a b", said("a, b, a", number=1), said("c", number=2))
    assert (found.marks_in(1), found.marks_in(2), found.marks_in(3)) == (3, 0, 0)


def test_a_conversation_without_texts_has_no_marks() -> None:
    assert looked_for("a").marks == {}


CUTS = [
    ("abc", [], [("abc", False)], "no marks"),
    ("abc", [(0, 3)], [("abc", True)], "all of it"),
    ("abc", [(0, 1)], [("a", True), ("bc", False)], "at the beginning"),
    ("abc", [(2, 3)], [("ab", False), ("c", True)], "at the end"),
    ("abc", [(0, 1), (2, 3)], [("a", True), ("b", False), ("c", True)], "twice"),
    ("", [], [], "nothing at all"),
]


@pytest.mark.parametrize(("text", "stretches", "parts", "reason"), CUTS, ids=[c[3] for c in CUTS])
def test_a_text_is_cut_at_its_stretches(
    text: str, stretches: list[tuple[int, int]], parts: list[tuple[str, bool]], reason: str
) -> None:
    assert [(part.text, part.hit) for part in cut(text, stretches)] == parts, reason
