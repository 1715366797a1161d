"""The languages whose forms are known, as one table: code, name, stemmer, dictionary, typing.

A language without stemmer and dictionary is only recognised: its words are found as they stand.
"""

from collections.abc import Mapping
from importlib.metadata import version
from typing import Final

from msgspec import Struct

from app.language import marked

JUDGE: Final = f"1-{version('py3langid')}"
"""What judges texts; raise it when the same text would be judged otherwise."""


LATIN, GREEK, CYRILLIC, HEBREW, ARABIC = "Latin", "Greek", "Cyrillic", "Hebrew", "Arabic"


class Language(Struct, frozen=True):
    """One language by its ISO 639-1 code.

    ``stemmer`` is Snowball's name of it, ``dictionary`` simplemma's; empty where there is none.
    ``script`` is what its words are written in: letters of others have no forms in it.
    ``typed`` holds letters that people type as several, each with what its accents leave of it.
    ``prefixes`` stand before a word without a space and are no part of it, such as an article;
    ``particles`` stand behind it.
    """

    code: str
    name: str
    stemmer: str = ""
    dictionary: str = ""
    typed: Mapping[str, str] = {}
    prefixes: tuple[str, ...] = ()
    particles: tuple[str, ...] = ()
    script: str = LATIN

    @property
    def is_unspaced(self) -> bool:
        """Whether its words are found as pieces of runs of characters."""
        return not self.stemmer and not self.dictionary

    @property
    def has_own_stemmer(self) -> bool:
        """Whether its stemmer was made for it, not for a near language."""
        return self.stemmer == self.name.lower()


_UMLAUTS: Final = {"ae": "a", "oe": "o", "ue": "u"}
_NORDIC: Final = {"aa": "a", "oe": "o"}
_PARTICLES: Final = (
    *"은는이가을를의에와과도로만",
    *("에서", "에게", "으로", "까지", "부터", "처럼", "보다", "한테", "하고"),
    *("이나", "라도", "마저", "조차"),
)

LANGUAGES: Final[Mapping[str, Language]] = {
    language.code: language
    for language in (
        Language(
            "ar",
            marked("Arabic"),
            "arabic",
            "ar",
            prefixes=("ال", "لل", "و", "ف", "ب", "ك", "ل"),
            script=ARABIC,
        ),
        Language("bg", marked("Bulgarian"), "russian", "bg", script=CYRILLIC),
        Language("cs", marked("Czech"), "czech", "cs"),
        Language("da", marked("Danish"), "danish", "da", _NORDIC),
        Language("de", marked("German"), "german", "de", _UMLAUTS),
        Language("el", marked("Greek"), "greek", "el", script=GREEK),
        Language("en", marked("English"), "english", "en"),
        Language("es", marked("Spanish"), "spanish", "es"),
        Language("fi", marked("Finnish"), "finnish", "fi"),
        Language("fr", marked("French"), "french", "fr"),
        Language("he", marked("Hebrew"), "", "he", prefixes=tuple("והבלכמש"), script=HEBREW),
        Language("hu", marked("Hungarian"), "hungarian", "hu"),
        Language("it", marked("Italian"), "italian", "it"),
        Language("ja", marked("Japanese")),
        Language("ko", marked("Korean"), particles=_PARTICLES),
        Language("nl", marked("Dutch"), "dutch", "nl"),
        Language("no", marked("Norwegian"), "norwegian", "nb", _NORDIC),
        Language("pl", marked("Polish"), "polish", "pl"),
        Language("pt", marked("Portuguese"), "portuguese", "pt"),
        Language("ro", marked("Romanian"), "romanian", "ro"),
        Language("ru", marked("Russian"), "russian", "ru", script=CYRILLIC),
        Language("sk", marked("Slovak"), "czech", "sk"),
        Language("sv", marked("Swedish"), "swedish", "sv"),
        Language("th", marked("Thai")),
        Language("tr", marked("Turkish"), "turkish", "tr"),
        Language("uk", marked("Ukrainian"), "russian", "uk", script=CYRILLIC),
        Language("zh", marked("Chinese")),
    )
}
"""Every language that is recognised, by its code."""
