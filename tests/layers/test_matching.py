"""What somebody types finds one house or place, or says what comes near."""

from __future__ import annotations

import pytest

from geo.errors import StudyError
from layers.matching import Named, find_named

KNOWN = [
    Named("haus-1", "Haus Linde", "Haus"),
    Named("haus-10", "Haus Lindenallee", "Haus"),
    Named("n5", "Edeka", "Supermarkt, Markt 3"),
    Named("n6", "Edeka", "Supermarkt, Ring 9"),
    Named("n7", "haus-1", "Kneipe"),
    Named("n8", "", "Spielplatz"),
]


def find(asked: str) -> str:
    return KNOWN[find_named(asked, KNOWN, what="einen Ort", where="--to")].id


def fault(asked: str) -> StudyError:
    with pytest.raises(StudyError) as caught:
        find(asked)
    assert caught.value.where == "--to"
    return caught.value


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("haus-1", "haus-1"),  # an id, though something bears it as its name
        ("HAUS-10", "haus-10"),
        ("haus linde", "haus-1"),  # a whole name, though it is a part of another
        ("lindena", "haus-10"),
        ("  Haus   Linde ", "haus-1"),
        ("n8", "n8"),
    ],
)
def test_what_is_meant(asked: str, found: str) -> None:
    assert find(asked) == found


def test_what_may_mean_several_lists_them_with_what_tells_them_apart() -> None:
    said = str(fault("edeka"))
    assert "Edeka (n5, Supermarkt, Markt 3); Edeka (n6, Supermarkt, Ring 9)" in said
    assert "Haus Linde (haus-1, Haus)" in str(fault("linde"))


def test_a_slip_is_met_with_what_comes_near() -> None:
    said = fault("Haus Lnide")
    assert said.what == "Einen Ort »Haus Lnide« gibt es hier nicht."
    assert "Haus Linde (haus-1, Haus)" in str(said.remedy)
    assert "Edeka" in str(fault("edka").remedy)


def test_of_few_all_are_named_and_of_many_none() -> None:
    assert "ohne Namen (n8, Spielplatz)" in str(fault("qqqq").remedy)
    many = [Named(f"n{number}", f"Ort {number}") for number in range(20)]
    with pytest.raises(StudyError) as caught:
        find_named("qqqq", many, what="einen Ort", where="--to")
    assert "Ort 1" not in str(caught.value)
    with pytest.raises(StudyError, match="12 weitere"):
        find_named("ort", many, what="einen Ort", where="--to")


@pytest.mark.parametrize("asked", ["", "   ", "x" * 5000])
def test_nothing_and_much_too_much_are_no_name(asked: str) -> None:
    assert len(str(fault(asked))) < 500


def test_without_anything_to_find() -> None:
    with pytest.raises(StudyError, match="keine"):
        find_named("a", [], what="ein Haus", where="--from")
