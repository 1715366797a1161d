"""One list of cases: what people said, what is searched, which conversations must be found.

Each row gives its reason, the conversations by name with their lines, the query, and the names
that it finds. Words are chosen so that no language's stems or synonyms could change the verdict.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple


class Case(NamedTuple):
    """One row of the contract."""

    why: str
    said: Mapping[str, Sequence[str]]
    query: str
    found: str


def _each(*texts: str) -> Mapping[str, Sequence[str]]:
    """Conversations a, b, c …, in each of which a visitor writes one message."""
    return {chr(ord("a") + number): [f"visitor: {text}"] for number, text in enumerate(texts)}


_TWO_PEOPLE: Final = {
    "a": ["visitor: red wine", "agent: blue glass"],
    "b": ["visitor: blue wine", "agent: red glass"],
    "c": ["automatic: red wine", "fact: blue glass"],
}
_COMPOUNDS: Final = _each("I don't know", "I don’t know", "I dont know", "I do not know")
_ORDER: Final = _each("order AB-10025 please", "order AB10025 please", "10025 AB", "order please")
_LETTERS: Final = _each("one", "two", "three", "four")
_CJK: Final = _each("東京都への送料はいくら", "京都へ", "新しいiPhoneケース", "日 本", "日本語です")
_THAI: Final = _each("ขอคืนเงินได้ไหมคะ", "คืน", "ขอบคุณค่ะ")
_LONG: Final = _each("x" * 100, "x" * 101, "x" * 99, "y" * 250)

WORDS: Final = (
    Case("every word, in any order, anywhere", _TWO_PEOPLE, "glass wine", "a b c"),
    Case("all of the words", _TWO_PEOPLE, "glass water", ""),
    Case("case and accents do not matter", _each("Příliš žluťoučký KŮŇ", "kun"), "kůn", "a b"),
    Case("a word is no part of another word", _each("carpet", "car"), "car", "b"),
    Case("a fact is found by a plain word", _TWO_PEOPLE, "blue", "a b c"),
    Case("codes of events are no words", {"a": ["system: agent.join"]}, "join", ""),
    Case("a message of unknown type is kept", {"a": ["other: lantern"]}, "lantern", "a"),
    Case("nothing asked finds everything", _LETTERS, "", "a b c d"),
    Case("also a conversation without a word", {"a": []}, "", "a"),
    Case("a word that nobody says", _LETTERS, "zzyzx", ""),
)
PHRASES: Final = (
    Case("neighbours in this order", _each("gift card", "card gift"), '"gift card"', "a"),
    Case("nothing between them", _each("gift of a card", "a gift card"), '"gift card"', "b"),
    Case("signs and lines between count not", _each("gift,\ncard!"), '"gift card"', "a"),
    Case(
        "never over the border of messages",
        {"a": ["visitor: gift", "visitor: card"], "b": ["visitor: gift", "agent: card"]},
        '"gift card"',
        "",
    ),
    Case(
        "nor over a message without a word",
        {"a": ["visitor: gift", "visitor: ...", "visitor: card"]},
        '"gift card"',
        "",
    ),
    Case(
        "nor over the border of facts, nor from a message to a fact",
        {"a": ["fact: gift", "fact: card"], "b": ["visitor: gift", "fact: card"]},
        '"gift card"',
        "",
    ),
    Case(
        "nor over the border of messages by the wholes of compounds",
        {"a": ["visitor: AB-1", "visitor: CD-2"]},
        '"ab1 cd2"',
        "",
    ),
    Case("in a fact", {"a": ["fact: a gift card"]}, '"gift card"', "a"),
    Case("of one word it is that word", _each("a gift card", "gifts"), '"gift"', "a"),
    Case("a word twice stands twice", _each("ha ha", "ha ha ha", "ha, no, ha"), '"ha ha ha"', "b"),
    Case("folded as words are", _each("Žlutý KŮŇ"), '"zluty kun"', "a"),
    Case("with other words beside it", _each("my gift card broke"), 'broke "gift card"', "a"),
)
COMPOUNDS: Final = (
    Case("apostrophes meet: straight", _COMPOUNDS, "don't", "a b c"),
    Case("apostrophes meet: curly", _COMPOUNDS, "don’t", "a b c"),
    Case("apostrophes meet: none", _COMPOUNDS, "dont", "a b c"),
    Case("in quotes too", _COMPOUNDS, '"dont know"', "a b c"),
    Case("in quotes too, with apostrophe", _COMPOUNDS, '"I don’t know"', "a b c"),
    Case("a part in front", _each("that's it"), "that", "a"),
    Case("a part behind", _each("L'adresse"), "adresse", "a"),
    Case("by the whole", _ORDER, "ab10025", "a b"),
    Case("by a part", _ORDER, "10025", "a c"),
    Case("the phrase of its parts, or its whole", _ORDER, "AB-10025", "a b"),
    Case("the joiner may be another", _ORDER, "AB/10025", "a b"),
    Case("a phrase over a part in front", _ORDER, '"order ab"', "a"),
    Case("a phrase over a part behind", _ORDER, '"10025 please"', "a"),
    Case("a phrase over the whole", _ORDER, '"order ab10025 please"', "a b"),
    Case("an address by its parts", _each("anna.smith@mail.example"), "smith mail", "a"),
    Case("an address as it is", _each("anna.smith@mail.example"), "anna.smith@mail.example", "a"),
    Case("a page", _each("see https://shop.example/cs/boty now"), "shop.example/cs", "a"),
    Case("digits with commas", _each("1,234,567", "1234567"), "1234567", "a b"),
    Case("words with commas are two words", _each("red,blue"), "redblue", ""),
)
PREFIXES: Final = (
    Case("one letter", _LETTERS, "t*", "b c"),
    Case("the whole word begins so too", _each("refund", "fund"), "refund*", "a"),
    Case("never in the middle", _each("refund"), "fund*", ""),
    Case("folded", _each("Řeka"), "re*", "a"),
    Case("of a compound's whole", _ORDER, "ab100*", "a b"),
    Case("typed with the joiner", _ORDER, "AB-100*", "a b"),
    Case("of a part", _ORDER, "100*", "a c"),
    Case("with a role", _TWO_PEOPLE, "visitor:re*", "a"),
    Case("as long as a token", _LONG, "x" * 100 + "*", "a b"),
    Case("nearly as long", _LONG, "x" * 99 + "*", "a b c"),
    Case("in letters of four bytes", _each("𐌰" * 100), "𐌰" * 100 + "*", "a"),
)
LONG_TOKENS: Final = (
    Case("a token of 100 code points", _LONG, "x" * 100, "a b"),
    Case("longer ones are cut alike", _LONG, "x" * 101, "b"),
    Case("a long one as it is", _LONG, "y" * 250, "d"),
    Case("a shorter one is another", _LONG, "x" * 99, "c"),
)
ROLES: Final = (
    Case("a visitor's word", _TWO_PEOPLE, "visitor:red", "a"),
    Case("an agent's word", _TWO_PEOPLE, "agent:red", "b"),
    Case("a trigger's word", _TWO_PEOPLE, "automatic:red", "c"),
    Case("a fact was said by nobody", _TWO_PEOPLE, "visitor:blue", "b"),
    Case("before a phrase", _TWO_PEOPLE, 'visitor:"red wine"', "a"),
    Case("before a bracket", _TWO_PEOPLE, "visitor:(blue wine)", "b"),
    Case("before alternatives", _TWO_PEOPLE, "agent:(blue OR red)", "a b"),
    Case("with a word outside", _TWO_PEOPLE, "visitor:wine red", "a b"),
    Case("excluded", _TWO_PEOPLE, "-visitor:wine", "c"),
    Case("excluding inside", _TWO_PEOPLE, "visitor:(wine -blue)", "a"),
)
LOGIC: Final = (
    Case("without a word", _TWO_PEOPLE, "glass -visitor:red", "b c"),
    Case("only without", _LETTERS, "-one -two", "c d"),
    Case("without a phrase", _each("gift card", "card gift"), '-"gift card"', "b"),
    Case("without both together", _each("p q", "p", "q", "r"), "-(p q)", "b c d"),
    Case("without either", _each("p q", "p", "q", "r"), "-(p OR q)", "d"),
    Case("twice without is with", _LETTERS, "-(-one)", "a"),
    Case("either", _LETTERS, "one OR two", "a b"),
    Case("either of three", _LETTERS, "one OR two OR three", "a b c"),
    Case("OR joins its two neighbours", _each("p q", "p r", "q", "r"), "p q OR r", "a b"),
    Case("brackets hold together", _each("p q", "p r", "q", "r"), "(p q) OR r", "a b d"),
    Case("brackets in brackets", _each("p q", "p r", "q", "r"), "((p q) OR (p r)) -q", "b"),
    Case("or without", _each("p q", "p r", "q", "r"), "q OR -p", "a c d"),
    Case("without nothing is everything", _LETTERS, "-zzyzx", "a b c d"),
)
SCRIPTS: Final = (
    Case("one character in a run", _CJK, "都", "a b"),
    Case("one character, and a word of its own", _CJK, "日", "d e"),
    Case("two characters in a run", _CJK, "東京", "a"),
    Case("in their order", _CJK, "京東", ""),
    Case("a longer run", _CJK, "東京都への", "a"),
    Case("a run that only begins so", _CJK, "東京都は", ""),
    Case("a run in quotes", _CJK, '"日本語です"', "e"),
    Case("characters apart are no run", _CJK, "日本", "e"),
    Case("a Latin word in a run", _CJK, "iphone", "c"),
    Case("beginning with one character", _CJK, "本*", "d e"),
    Case("beginning with two", _CJK, "日本*", "e"),
    Case("beginning with three", _CJK, "日本語*", "e"),
    Case("and never its parts apart", _each("日本と本語"), "日本語*", ""),
    Case("Thai in a run", _THAI, "คืนเงิน", "a"),
    Case("Thai, one syllable", _THAI, "คืน", "a b"),
    Case("Korean without its particle", _each("환불을 요청", "환불", "불환"), "환불", "a b"),
    Case("full-width letters", _each("ＡＢ－１００２５"), "ab-10025", "a"),
    Case("digits of other scripts", _each("رقم ١٠٠٢٥"), "10025", "a"),
    Case("ligatures", _each("ﬁne"), "fine", "a"),
)
EMOJI: Final = (
    Case("alone", _each("thanks 👍", "thanks"), "👍", "a"),
    Case("right behind a word", _each("thanks👍"), "👍", "a"),
    Case("whatever its skin", _each("👍🏽", "👍🏻", "👎"), "👍", "a b"),
    Case("a family is one", _each("👨‍👩‍👧", "👨"), "👨", "b"),
    Case("a flag is one", _each("🇨🇿", "🇨🇦"), "🇨🇿", "a"),
    Case("in a phrase", _each("great 👍 thanks", "great thanks 👍"), '"great 👍"', "a"),
)
TABLES: Final = (
    WORDS, PHRASES, COMPOUNDS, PREFIXES, LONG_TOKENS, ROLES, LOGIC, SCRIPTS, EMOJI,
)  # fmt: skip
CASES: Final = tuple(case for table in TABLES for case in table)
