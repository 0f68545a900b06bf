"""Names, compared as people would."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers._names import is_end, is_part, normalise_name, own_name


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("St. Marien", ("sankt", "marien")),
        ("Sankt-Marien", ("sankt", "marien")),
        ("Hauptstr.", ("hauptstrasse",)),
        ("Hauptstraße", ("hauptstrasse",)),
        ("TSV 1887 e. V.", ("tsv", "1887")),
        ("Café Groß & Söhne GmbH & Co. KG", ("cafe", "gross", "soehne")),
        ("İstanbul", ("istanbul",)),
        ("東京", ("東京",)),
        ("  ", ()),
        ("", ()),
    ],
)
def test_spelling(text: str, words: tuple[str, ...]) -> None:
    assert normalise_name(text) == words


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("Spielplatz", False),
        ("Kinderspielplatz am See", False),
        ("Gleis 2", False),
        ("Haus 3", False),
        ("Nichtschwimmerbecken", False),
        ("Spielplatz Ahornweg", True),
        ("Kita Süd", True),
        ("東京", True),
    ],
)
def test_names_of_their_own(text: str, own: bool) -> None:  # noqa: FBT001
    assert bool(own_name(text)) is own


def test_a_house_of_something_bears_its_name() -> None:
    assert own_name("Fachschule Lengerich Haus 3") == own_name("Fachschule Lengerich")


def test_parts_and_ends() -> None:
    assert is_part(("sparkasse",), ("kreis", "sparkasse", "steinfurt"))
    assert not is_part(("sparkasse",), ("volksbank",))
    assert not is_part((), ("volksbank",))
    assert is_end(("friedhof",), ("leimen", "friedhof"))
    assert is_end(("markt",), ("markt", "nord"))
    assert not is_end(("aplerbeck",), ("rodenbergstrasse", "aplerbeck", "u"))
    assert not is_end((), ("u",))


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_is_normalised_and_compared(first: str, second: str) -> None:
    one, other = normalise_name(first), normalise_name(second)
    assert one == normalise_name(first)
    assert is_part(one, other) == is_part(other, one)
    assert is_end(one, other) == is_end(other, one)
    assert not one or is_part(one, one)
    assert set(own_name(first)) <= set(one) or own_name(first) == ()
