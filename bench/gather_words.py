"""``python -m bench.gather_words``: the words of the demo scripts, by how often they occur.

The result is committed in ``bench/vocabulary/`` and read from there, so that the set stays the same
while the demo grows. Running this anew makes another set: raise ``conversations.VERSION`` then.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from app.demo.script import read
from bench.words import VOCABULARY

SCRIPTS: Final = Path(__file__).parents[1] / "app" / "demo" / "scripts"
MOST_WORDS: Final = 1500
"""Words of a language; what is rarer in the scripts are mostly names."""
WIDTH: Final = 100
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def gather(texts: Iterable[str]) -> list[str]:
    """The words of some texts, the most frequent first, each as it is mostly written."""
    seen: Counter[str] = Counter()
    written: dict[str, Counter[str]] = {}
    for word in (found[0] for text in texts for found in _WORD.finditer(text)):
        seen[word.casefold()] += 1
        written.setdefault(word.casefold(), Counter())[word] += 1
    ordered = sorted(seen, key=lambda word: (-seen[word], word))[:MOST_WORDS]
    return [_spelling(written[word]) for word in ordered]


def _spelling(forms: Counter[str]) -> str:
    """The form without a capital where there is one: the others began a sentence."""
    return min(forms, key=lambda form: (form != form.lower(), -forms[form], form))


def _lines(words: Iterable[str]) -> Iterator[str]:
    line = ""
    for word in words:
        if line and len(line) + len(word) >= WIDTH:
            yield line
            line = ""
        line += f" {word}" if line else word
    yield line


def main() -> None:
    """Write one file of words per script."""
    for script in sorted(SCRIPTS.glob("*.txt")):
        scenes = read(script.read_text(encoding="utf-8"))
        said = [line.text for scene in scenes for line in scene.lines if line.kind in "VAT"]
        text = "".join(f"{line}\n" for line in _lines(gather(said)))
        (VOCABULARY / script.name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
