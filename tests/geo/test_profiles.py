"""Profiles: every value has a source, and a study may change any of them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from geo.errors import StudyError
from geo.profiles import Mode, Profile, State, load_profiles, profile_from, with_speed

DOC = Path(__file__).resolve().parents[2] / "docs" / "barrierefreie-wege.md"
KNOWN = load_profiles()


def change(name: str, **table: Any) -> Profile:
    return profile_from(name, table, KNOWN)


def test_the_speeds() -> None:
    assert {key: one.speed_m_s for key, one in KNOWN.items()} == {
        "resident": 1.0,
        "walk": 1.25,
        "slow": 0.8,
        "rollator": 0.65,
        "wheelchair": 0.9,
        "bicycle": 3.5,
    }
    assert {key: one.steps_speed_m_s for key, one in KNOWN.items()} == {
        "resident": 0.5,
        "walk": 0.625,
        "slow": 0.4,
        "rollator": None,
        "wheelchair": None,
        "bicycle": 0.3,
    }


def test_modes_states_and_the_way_to_the_door() -> None:
    modes = {key: one.mode for key, one in KNOWN.items()}
    assert modes["rollator"] is modes["wheelchair"] is Mode.WHEELS
    assert modes["bicycle"] is Mode.BICYCLE
    assert [key for key, mode in modes.items() if mode is Mode.FOOT] == [
        "resident",
        "walk",
        "slow",
    ]
    assert KNOWN["slow"].states == (State.CONFIRMED,)
    assert KNOWN["bicycle"].states == (State.CONFIRMED,)
    assert KNOWN["rollator"].states == (State.CONFIRMED, State.POSSIBLE)
    assert KNOWN["bicycle"].access_speed_m_s == 1.0
    assert KNOWN["rollator"].access_speed_m_s == 0.65


def test_what_passes_on_wheels() -> None:
    rollator, wheelchair = KNOWN["rollator"].limits, KNOWN["wheelchair"].limits
    assert rollator is not None
    assert wheelchair is not None
    assert (rollator.easy_incline_percent, rollator.max_incline_percent) == (6.0, 10.0)
    assert (wheelchair.easy_incline_percent, wheelchair.max_incline_percent) == (3.0, 6.0)
    assert (rollator.max_kerb_cm, wheelchair.max_kerb_cm) == (6.0, 3.0)
    assert (rollator.min_width_m, wheelchair.min_width_m) == (0.8, 0.9)
    assert rollator.needs == ("surface", "kerb")
    assert wheelchair.needs == ("surface", "kerb", "incline")
    assert not rollator.wheelchair_no_closes
    assert wheelchair.wheelchair_no_closes
    assert KNOWN["rollator"].rest_m == 100.0
    assert KNOWN["wheelchair"].rest_m is None


@pytest.mark.parametrize("profile", KNOWN.values(), ids=list(KNOWN))
def test_every_value_has_its_own_source(profile: Profile) -> None:
    assert list(profile.values) == list(profile.sources)
    assert all(source.strip() for source in profile.sources.values())
    assert profile.source == profile.sources["speed_m_s"]
    given = {"speed_m_s": profile.speed_m_s, "steps_speed_m_s": profile.steps_speed_m_s,
             "push_speed_m_s": profile.push_speed_m_s, "rest_m": profile.rest_m}  # fmt: skip
    if profile.limits is not None:
        given |= {key: getattr(profile.limits, key) for key in type(profile.limits).__slots__}
    assert profile.values == {key: value for key, value in given.items() if value is not None}


def test_the_shipped_profiles_cannot_be_changed_by_accident() -> None:
    load_profiles().clear()
    assert list(load_profiles()) == list(KNOWN)


def test_every_number_stands_in_the_handbook() -> None:
    text = DOC.read_text(encoding="utf-8")
    for profile in KNOWN.values():
        section = text[text.index(f"### {profile.label}") :].split("\n##", 1)[0]
        rows = dict(re.findall(r"^\| `(\w+)` \| ([^|]+) \|", section, flags=re.MULTILINE))
        assert list(rows) == list(profile.values), profile.id
        for key, value in profile.values.items():
            assert rows[key].strip() == in_german(value), (profile.id, key)
        for source in profile.sources.values():
            assert f"| {source} |" in section, (profile.id, source)


def in_german(value: Any) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, float):
        return f"{value:g}".replace(".", ",")
    return ", ".join(value) if isinstance(value, tuple) else str(value)


# What a study changes.


def test_a_study_changes_one_value() -> None:
    changed = change("rollator", speed_m_s=0.5, source="Beobachtung")
    before = KNOWN["rollator"]
    assert changed.speed_m_s == 0.5
    assert changed.sources["speed_m_s"] == "Beobachtung"
    assert changed.source == "Beobachtung"
    assert changed.sources["max_kerb_cm"] == before.sources["max_kerb_cm"]
    assert changed.limits == before.limits
    assert (changed.id, changed.label, changed.mode) == ("rollator", "Mit Rollator", Mode.WHEELS)
    assert before.speed_m_s == 0.65


def test_a_value_without_a_source_is_the_studys() -> None:
    assert change("slow", speed_m_s=0.7).sources["speed_m_s"] == "Angabe der Studie"


def test_a_value_may_have_a_source_of_its_own() -> None:
    own = {"value": 4, "source": "Absprache mit dem Bauamt"}
    changed = change("wheelchair", max_kerb_cm=own, min_width_m=1, source="Begehung")
    assert changed.limits is not None
    assert (changed.limits.max_kerb_cm, changed.limits.min_width_m) == (4.0, 1.0)
    assert changed.sources["max_kerb_cm"] == "Absprache mit dem Bauamt"
    assert changed.sources["min_width_m"] == "Begehung"


def test_a_value_in_braces_without_a_source() -> None:
    changed = change("slow", speed_m_s={"value": 0.7})
    assert changed.sources["speed_m_s"] == "Angabe der Studie"


def test_an_empty_table_changes_nothing() -> None:
    assert change("wheelchair") == KNOWN["wheelchair"]
    assert change("wheelchair").sources == KNOWN["wheelchair"].sources


def test_a_new_profile() -> None:
    new = change("stock", based_on="slow", label=" Mit Gehstock ", steps_speed_m_s=0)
    assert (new.id, new.label, new.mode) == ("stock", "Mit Gehstock", Mode.FOOT)
    assert new.speed_m_s == 0.8
    assert new.steps_speed_m_s is None
    assert new.sources["speed_m_s"] == KNOWN["slow"].sources["speed_m_s"]


def test_a_new_profile_on_wheels() -> None:
    new = change(
        "kinderwagen",
        based_on="rollator",
        label="Mit Kinderwagen",
        max_kerb_cm=12,
        needs=["kerb", "surface", "kerb"],
        worst_smoothness="bad",
        wheelchair_no_closes=False,
        rest_m=0,
    )
    assert new.limits is not None
    assert new.limits.max_kerb_cm == 12.0
    assert new.limits.needs == ("surface", "kerb")
    assert new.limits.worst_smoothness == "bad"
    assert new.rest_m is None
    assert "rest_m" in new.sources


def test_a_profile_may_be_based_on_itself_and_on_a_new_one() -> None:
    assert change("slow", based_on="slow", speed_m_s=0.6).speed_m_s == 0.6
    known = KNOWN | {"stock": change("stock", based_on="slow", label="Stock", speed_m_s=0.6)}
    table = {"based_on": "stock", "label": "Zwei Stöcke"}
    assert profile_from("stoecke", table, known).speed_m_s == 0.6


NUMBERS = [
    ("slow", "speed_m_s", 0.1, 10.0),
    ("slow", "steps_speed_m_s", 0.05, 3.0),
    ("bicycle", "push_speed_m_s", 0.1, 3.0),
    ("rollator", "rest_m", 10.0, 2000.0),
    ("wheelchair", "easy_incline_percent", 0.0, 6.0),
    ("wheelchair", "max_incline_percent", 3.0, 30.0),
    ("wheelchair", "incline_factor", 1.0, 10.0),
    ("wheelchair", "max_kerb_cm", 0.0, 30.0),
    ("wheelchair", "min_width_m", 0.3, 3.0),
    ("wheelchair", "rough_factor", 1.0, 10.0),
]


@pytest.mark.parametrize(("name", "key", "low", "high"), NUMBERS)
def test_the_range_of_numbers(name: str, key: str, low: float, high: float) -> None:
    assert change(name, **{key: low}).values[key] == low
    assert change(name, **{key: high}).values[key] == high
    for beyond in (low - 0.01, high + 0.01, float("nan"), float("inf"), -1e300):
        with pytest.raises(StudyError):
            change(name, **{key: beyond})


FAULTS: list[tuple[str, dict[str, Any], str, str]] = [
    ("wolke", {}, "Ein Profil »wolke« gibt es nicht.", "resident, walk, slow"),
    ("rollater", {}, "Gemeint ist wohl »rollator«.", "resident"),
    ("Stock!", {}, "taugt nicht als Name", "a bis z"),
    ("a" * 41, {}, "taugt nicht als Name", "höchstens 40"),
    ("stock", {"based_on": "slow"}, "fehlt der Name für die Karte", "label ="),
    ("stock", {"based_on": "wolke", "label": "x"}, "auf »wolke« beruhen", "resident, walk"),
    ("stock", {"based_on": ["slow"], "label": "x"}, "das es nicht gibt", "resident, walk"),
    ("slow", {"based_on": "walk"}, "gibt es schon", "anderen Namen"),
    ("slow", {"label": ""}, "»label« von Profil »slow« ist kein Text", "label ="),
    ("slow", {"label": 3}, "»label« von Profil »slow« ist kein Text", "label ="),
    ("slow", {"source": " "}, "»source« von Profil »slow« ist kein Text", "Beobachtung"),
    ("slow", {"sped_m_s": 1}, "»sped_m_s«. Gemeint ist wohl »speed_m_s«", "Erlaubt sind: label"),
    ("slow", {"xyz": 1}, "unbekannten Schlüssel »xyz«.", "speed_m_s"),
    ("slow", {"needs": []}, "»needs« gilt nicht für Profil »slow«", "steps_speed_m_s"),
    ("wheelchair", {"steps_speed_m_s": 1}, "gilt nicht für", "max_kerb_cm"),
    ("slow", {"speed_m_s": "1"}, "»speed_m_s« von Profil »slow« ist keine Zahl", "0,1 bis 10"),
    ("slow", {"speed_m_s": True}, "ist keine Zahl", "Meter je Sekunde"),
    ("slow", {"speed_m_s": 36}, "ist 36 und liegt außerhalb von 0,1 bis 10", "Grenzen"),
    ("slow", {"speed_m_s": 0}, "ist 0 und liegt außerhalb", "Grenzen angeben."),
    ("slow", {"steps_speed_m_s": -1}, "ist -1", "0 heißt: Treppen nicht begehbar"),
    ("slow", {"speed_m_s": {"wert": 1}}, "keine Angabe mit Quelle", "value ="),
    ("slow", {"speed_m_s": {"value": 1, "source": 3}}, "keine Angabe mit Quelle", "source ="),
    ("slow", {"speed_m_s": {"value": 1, "von": "x"}}, "keine Angabe mit Quelle", "source ="),
    ("rollator", {"needs": ["kerbs"]}, "kennt »kerbs« nicht", "surface, smoothness, width, kerb"),
    ("rollator", {"needs": "kerb"}, "»needs« von Profil »rollator« ist keine Liste", "surface"),
    ("rollator", {"worst_smoothness": "schlecht"}, "kennt den Wert »schlecht«", "excellent, good"),
    ("rollator", {"worst_smoothness": "impassable"}, "kennt den Wert", "very_horrible"),
    ("rollator", {"worst_smoothness": ["good"]}, "kennt den Wert", "excellent"),
    ("rollator", {"wheelchair_no_closes": 1}, "weder true noch false", "true oder false"),
    ("wheelchair", {"max_incline_percent": 2.9}, "ohne Mühe 3 % hinauf, höchstens aber 2,9 %",
     "das diese Studie setzt"),
    ("wheelchair", {"easy_incline_percent": 6.1}, "höchstens aber 6 %", "nicht größer sein als"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "table", "what", "remedy"), FAULTS)
def test_faults_say_what_where_and_remedy(
    name: str, table: dict[str, Any], what: str, remedy: str
) -> None:
    with pytest.raises(StudyError) as raised:
        profile_from(name, table, KNOWN, where="meine/study.toml")
    assert what in raised.value.what
    assert str(raised.value.where).startswith(f"meine/study.toml, [profile.{name}]")
    assert remedy in str(raised.value.remedy)


def test_a_profile_that_is_no_table() -> None:
    table: Any = 0.5
    with pytest.raises(StudyError, match="keine Tabelle"):
        profile_from("slow", table, KNOWN)


def test_where_names_the_key() -> None:
    with pytest.raises(StudyError) as raised:
        change("slow", speed_m_s=99)
    assert raised.value.where == "study.toml, [profile.slow], speed_m_s"


def test_another_speed_slows_steps_in_proportion() -> None:
    faster = with_speed(KNOWN["resident"], 1.5)
    assert (faster.speed_m_s, faster.steps_speed_m_s) == (1.5, 0.75)
    assert with_speed(KNOWN["rollator"], 0.5).steps_speed_m_s is None
