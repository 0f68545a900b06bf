"""Tag rules: turn the conditions of the taxonomy into something fast to ask."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

TagSet = Mapping[str, tuple[str, ...]]
"""Key → values allowed; all keys must be there."""

ANY = "*"
NONE = "!"
WORD = "~"


class Condition:
    """What one key must hold.

    Parameters
    ----------
    key
        OSM key.
    values
        Values of which one must be met. ``"*"`` is any but ``"no"``, ``"!"`` is none at all
        (the key missing, or ``"no"``); ``"~word"`` is a word
        in the text, whatever its case, ``*`` at its ends standing for more letters; any
        other is compared with each part of a list (``a;b``).
    """

    __slots__ = ("any", "exact", "key", "none", "words")

    def __init__(self, key: str, values: Sequence[str]) -> None:
        self.key = key
        self.any = ANY in values
        self.none = NONE in values
        self.exact = frozenset(value for value in values if value != ANY and value[:1] != WORD)
        words = [_word_pattern(value[1:]) for value in values if value[:1] == WORD]
        self.words = re.compile("|".join(words)) if words else None

    def met(self, tags: Mapping[str, str]) -> bool:
        """Whether the tags meet the condition."""
        value = tags.get(self.key)
        if not value or value == "no":
            return self.none or value in self.exact
        if self.any:
            return True
        if self.exact:
            if value in self.exact:
                return True
            if ";" in value and any(part.strip() in self.exact for part in value.split(";")):
                return True
        return self.words is not None and self.words.search(value.casefold()) is not None


class Rule:
    """All conditions of one alternative; the first one leads."""

    __slots__ = ("conditions", "lead")

    def __init__(self, tag_set: TagSet) -> None:
        self.conditions = tuple(Condition(key, values) for key, values in tag_set.items())
        self.lead = self.conditions[0].key

    def met(self, tags: Mapping[str, str]) -> bool:
        """Whether the tags meet every condition."""
        return all(condition.met(tags) for condition in self.conditions)


def _word_pattern(word: str) -> str:
    """Return a pattern for one ``~word``; plain text, so no study can write a costly one."""
    before = "" if word.startswith("*") else r"(?<!\w)"
    after = "" if word.endswith("*") else r"(?!\w)"
    return before + re.escape(word.strip("*").casefold()) + after
