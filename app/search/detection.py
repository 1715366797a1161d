"""Which language people write: sure of itself, or silent.

py3langid judges a text among the languages of the portal; ``languages.JUDGE`` is its version. Where
it wavers between languages of one family, words are taken for either; where it knows nothing, for
none.
"""

from collections.abc import Iterable, Mapping
from typing import Final

import py3langid.langid as langid

from app.search.inflected import Spoken, without_codes
from app.search.languages import LANGUAGES

SURE: Final = 0.5
"""Probability from which a language is believed; the figures are in docs/languages.md."""
LONGEST: Final = 2_000
"""Characters of a text that are looked at."""
_NAMES: Final = {"nn": "no"}
"""Labels of the judge that stand for a language of ours."""
_FAMILIES: Final = (frozenset({"da", "no", "sv"}), frozenset({"cs", "sk"}), frozenset({"ru", "uk"}))


class Detector:
    """Judges texts. Loading it takes half a second and some memory; only the indexer does."""

    def __init__(self, among: Iterable[str] = LANGUAGES) -> None:
        """``among`` are the languages that a text may be in."""
        self._among = frozenset(among)
        self._judge = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)
        self._judge.set_languages(
            [label for label in self._judge.labels if _NAMES.get(label, label) in self._among]
        )

    def languages(self, text: str) -> tuple[str, ...]:
        """The languages that a text may be in; none when it says too little."""
        words = without_codes(text[:LONGEST]).strip()
        if not words:
            return ()
        likely: dict[str, float] = {}
        for label, probability in self._judge.rank(words)[:4]:
            code = _NAMES.get(label, label)
            likely[code] = likely.get(code, 0.0) + float(probability)
        first = max(likely, key=lambda code: likely[code])
        if likely[first] >= SURE:
            return (first,)
        for family in _FAMILIES:
            if sum(likely.get(code, 0.0) for code in family) >= SURE:
                return tuple(sorted(code for code in family if likely.get(code, 0.0) > 0.1))
        return ()

    def spoken(self, texts: Mapping[str, str]) -> Spoken:
        """The languages of each place; who says too little speaks as the others do."""
        found = {place: self.languages(text) for place, text in texts.items()}
        known = next((codes for codes in found.values() if codes), ())
        return {place: codes or known for place, codes in found.items()}
