"""Large extracts: a study reads the surroundings of its sites and gives the same results."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path
from typing import Any

import geopandas as gpd
import osmium
import pytest
import shapely
from pyproj import Geod

from geo.clipping import CannotClipError
from geo.errors import ExtractError, SitesError
from geo.findings import Finding, Severity
from geo.sites import read_sites
from layers import surroundings
from layers.compute import compute_snapshot
from layers.inputs import read_study_extract
from layers.study import Study, load_study
from layers.study_sites import check_study, suggest_study_sites, take_site
from layers.surroundings import CACHE_FOLDER, MARGIN_M, find_boxes
from tests.osm_xml import write_osm

KEYS = ["amenity", "shop"]
HOUSE = (7.6, 52.0)

TOWN_DRAWING = """
A street at the house with a café, and another 20 km east of it with a bank and a hospital.
"""
TOWN_NODES: dict[int, Any] = {
    1: (7.599, 52.0),
    2: (7.601, 52.0),
    3: (7.602, 52.0, {"amenity": "cafe", "name": "Café Ähre"}),
    4: (7.90, 52.0),
    5: (7.91, 52.0),
    6: (7.905, 52.0001, {"amenity": "bank"}),
    7: (7.900, 52.001),
    8: (7.902, 52.001),
    9: (7.902, 52.002),
}
TOWN_WAYS: dict[int, Any] = {
    10: ([1, 2, 3], {"highway": "residential"}),
    11: ([4, 5], {"highway": "residential"}),
    12: ([7, 8, 9, 7], {"amenity": "hospital", "name": "LWL-Klinik"}),
    13: ([7, 8, 9, 7], {"building": "yes"}),
}


def write_study(folder: Path, *houses: tuple[float, float], extra: str = "") -> Study:
    """Write a study with houses beside ``region.osm.pbf``, and load it."""
    folder.mkdir(exist_ok=True)
    features = [
        {
            "type": "Feature",
            "properties": {"kind": "house", "id": f"h{number}", "name": f"Haus {number}"},
            "geometry": {"type": "Point", "coordinates": list(house)},
        }
        for number, house in enumerate(houses)
    ]
    collection = {"type": "FeatureCollection", "features": features}
    (folder / "sites.geojson").write_text(json.dumps(collection), encoding="utf-8")
    (folder / "study.toml").write_text(
        f'name = "T"\nextract = "region.osm.pbf"\nsites = "sites.geojson"\n'
        f'profiles = ["resident"]\n{extra}',
        encoding="utf-8",
    )
    return load_study(folder)


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    """Return a study whose extract counts as large."""
    monkeypatch.setattr(surroundings, "LARGE_BYTES", 0)
    made = write_study(tmp_path / "study", HOUSE)
    stamp = "2026-03-12T08:00:00Z"
    write_osm(made.extract_path, TOWN_NODES, TOWN_WAYS, timestamp=stamp)
    return made


def parts(study: Study, kind: str = "umgebung") -> list[Path]:
    return sorted((study.folder / CACHE_FOLDER).glob(f"{kind}-*"))


def codes(findings: tuple[Finding, ...]) -> set[str]:
    return {finding.code for finding in findings}


def forbid(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    def fail(*_: object, **__: object) -> None:
        raise AssertionError

    for name in names:
        monkeypatch.setattr(surroundings, name, fail)


def test_small_extracts_are_read_whole(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surroundings, "LARGE_BYTES", study.extract_path.stat().st_size)
    extract = read_study_extract(study, KEYS)
    assert extract.features["osm_id"].tolist() == ["n3", "n6", "w12"]
    assert "extract.cut" not in codes(extract.findings)
    assert not (study.folder / CACHE_FOLDER).exists()


def test_of_large_extracts_only_the_surroundings_are_read(study: Study) -> None:
    whole = compute_snapshot(study)  # 20 km are far beyond reach and margin
    extract = read_study_extract(study, KEYS)
    assert extract.features["osm_id"].tolist() == ["n3"]
    assert extract.source == "region.osm.pbf"
    (found,) = [finding for finding in extract.findings if finding.code == "extract.cut"]
    assert found.severity is Severity.INFO
    assert "ein Gebiet von 10 × 10 km (7,53 bis 7,67 Grad Länge" in found.message
    assert found in whole.findings
    assert "file.header_box" not in codes(extract.findings)


def test_the_part_is_kept_and_found_again(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    first = compute_snapshot(study)
    (part,) = parts(study)
    content = part.read_bytes()
    forbid(monkeypatch, "clip_extract")
    again = compute_snapshot(study)
    assert (again.id, again.digests) == (first.id, first.digests)
    assert again.findings == first.findings
    assert part.read_bytes() == content


def test_the_id_is_that_of_the_whole_extract(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    clipped = compute_snapshot(study)
    monkeypatch.setattr(surroundings, "LARGE_BYTES", 1 << 40)
    whole = compute_snapshot(study)
    assert clipped.id == whole.id
    assert clipped.digests == whole.digests
    assert clipped.data_date == whole.data_date


@pytest.mark.parametrize("change", ["house", "speed", "extract"])
def test_other_surroundings_replace_the_part(change: str, study: Study) -> None:
    read_study_extract(study, KEYS)
    (before,) = parts(study)
    keepsake = study.folder / CACHE_FOLDER / "vorschlaege-0.osm.pbf"
    keepsake.write_bytes(b"another kind")
    if change == "house":
        study = write_study(study.folder, (7.61, 52.0))
    elif change == "speed":
        study = write_study(study.folder, HOUSE, extra="speed_m_s = 0.9\n")
    else:
        study.extract_path.unlink()
        write_osm(study.extract_path, {**TOWN_NODES, 99: HOUSE}, TOWN_WAYS)
    read_study_extract(study, KEYS)
    (after,) = parts(study)
    assert after.name != before.name
    assert keepsake.exists()


def test_a_damaged_part_is_made_again(study: Study) -> None:
    before = read_study_extract(study, KEYS)
    (part,) = parts(study)
    content = part.read_bytes()
    part.write_bytes(content[:-7])
    after = read_study_extract(study, KEYS)
    assert after.features.equals(before.features)
    assert part.read_bytes() == content


def test_nothing_is_kept_where_nothing_can_be_written(study: Study) -> None:
    # In place of the folder stands a file, so that it cannot be made.
    (study.folder / CACHE_FOLDER).write_bytes(b"")
    extract = read_study_extract(study, KEYS)
    assert extract.features["osm_id"].tolist() == ["n3"]
    assert [row.osm_id for row in suggest_study_sites(study)] == ["w12"]
    assert (study.folder / CACHE_FOLDER).read_bytes() == b""


def test_what_cannot_be_cut_is_read_whole(study: Study) -> None:
    write_osm(study.folder / "region.osm", TOWN_NODES, TOWN_WAYS, order="wnr")
    (study.folder / "region.osm").replace(study.extract_path)
    extract = read_study_extract(study, KEYS)
    assert extract.features["osm_id"].tolist() == ["n3", "n6", "w12"]
    assert {"extract.not_cut", "file.unsorted"} <= codes(extract.findings)
    assert parts(study) == []
    assert [row.osm_id for row in suggest_study_sites(study)] == ["w12"]
    assert take_site(study, "w12", "site") == "LWL-Klinik"


def test_sites_outside_of_the_extract_are_named(study: Study) -> None:
    study = write_study(study.folder, (9.0, 51.0))
    with pytest.raises(ExtractError, match="In der Umgebung der Standorte") as caught:
        compute_snapshot(study)
    assert caught.value.remedy
    assert parts(study) == []


def test_unreadable_sites_are_named_before_the_extract_is_read(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    study.sites_path.write_text("{", encoding="utf-8")
    forbid(monkeypatch, "clip_extract", "read_extract")
    with pytest.raises(SitesError):
        compute_snapshot(study)
    (found,) = check_study(study)
    assert (found.code, found.severity) == ("sites.unreadable", Severity.ERROR)


def test_checking_reads_the_surroundings(study: Study) -> None:
    assert all(finding.severity is not Severity.ERROR for finding in check_study(study))
    assert len(parts(study)) == 1


def test_suggestions_come_from_the_whole_extract(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = write_study(study.folder)  # no sites yet
    (found,) = suggest_study_sites(study)
    assert (found.osm_id, found.name, found.kind) == ("w12", "LWL-Klinik", "site")
    assert len(parts(study, "vorschlaege")) == 1
    forbid(monkeypatch, "pick_by_text", "pick_object")
    assert suggest_study_sites(study) == [found]
    assert take_site(study, "way/12", "site") == "LWL-Klinik"
    assert read_sites(study.sites_path).sites["site_id"].tolist() == ["w12"]


def test_any_object_can_be_taken_from_a_large_extract(study: Study) -> None:
    assert take_site(study, "w13", "house") == "Haus ohne Namen"
    suggest_study_sites(study)
    with pytest.raises(SitesError, match="steht schon in der Datei"):
        take_site(study, "w13", "house")
    with pytest.raises(SitesError, match="w99 steht nicht im OSM-Auszug"):
        take_site(study, "w99", "house")
    with pytest.raises(SitesError, match="keine Nummer"):
        take_site(study, "Haus 9", "house")


def test_an_extract_without_clinics_gives_no_suggestions(study: Study) -> None:
    study.extract_path.unlink()
    write_osm(study.extract_path, TOWN_NODES, {10: TOWN_WAYS[10]})
    assert suggest_study_sites(study) == []
    assert parts(study, "vorschlaege") == []


def test_failing_to_cut_is_no_reason_to_fail(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise CannotClipError

    monkeypatch.setattr(surroundings, "clip_extract", fail)
    extract = read_study_extract(study, KEYS)
    assert "extract.not_cut" in codes(extract.findings)


@pytest.mark.parametrize("latitude", [52.0, -33.0, 69.0])
def test_boxes_reach_as_far_as_they_should(latitude: float, tmp_path: Path) -> None:
    study = write_study(tmp_path / "study", (7.6, latitude))
    ((west, south, east, north),) = find_boxes(read_sites(study.sites_path), 5000)
    geod = Geod(ellps="WGS84")
    for target in [(west, latitude), (east, latitude), (7.6, south), (7.6, north)]:
        assert 5000 <= geod.inv(7.6, latitude, *target)[2] < 5200


def test_boxes_that_overlap_are_one_and_others_are_not(tmp_path: Path) -> None:
    houses = [(7.0, 52.0), (7.05, 52.05), (7.12, 52.0), (8.0, 51.0)]
    study = write_study(tmp_path / "study", *houses)
    boxes = find_boxes(read_sites(study.sites_path), 3000)
    assert len(boxes) == 2
    for x, y in houses:
        assert sum(shapely.box(*box).contains(shapely.Point(x, y)) for box in boxes) == 1
    assert not shapely.box(*boxes[0]).intersects(shapely.box(*boxes[1]))
    assert boxes == tuple(sorted(boxes))


def test_results_are_those_of_the_whole_extract(
    shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "neubrandenburg-2016.nometa.osm.pbf"
    source = shared_data / "osm" / name
    extra = "max_minutes = 15\n"
    study = write_study(tmp_path / "study", *some_addresses(source, 6), extra=extra)
    add_grounds(study)
    shutil.copyfile(source, study.extract_path)
    whole = compute_snapshot(study)
    monkeypatch.setattr(surroundings, "LARGE_BYTES", 0)
    part = compute_snapshot(study)
    assert "extract.cut" in codes(part.findings)
    assert part.counts["nodes"] < 0.9 * whole.counts["nodes"]
    assert part.id == whole.id
    assert len(whole.travel_times) > 200
    # Known places differ, and with them the categories of the keys.
    keys = dict.fromkeys(("from_id", "to_id"), "str")
    assert part.travel_times.astype(keys).equals(whole.travel_times.astype(keys))
    assert part.access.equals(whole.access)
    assert part.summaries == whole.summaries
    assert same_frames(part.isochrones, whole.isochrones)
    assert same_frames(part.gates, whole.gates)
    assert same_frames(part.base, whole.base)
    reach = part.houses.geometry.union_all().buffer(15 * 60 + MARGIN_M)
    near = whole.places[whole.places.within(reach)]
    assert len(near) > 500
    assert same_frames(part.places[part.places.within(reach)], near)


def some_addresses(source: Path, count: int) -> list[tuple[float, float]]:
    """Return addresses in the south of the town, the same each time."""
    items: Any = osmium.FileProcessor(str(source), osmium.osm.NODE).with_filter(
        osmium.filter.KeyFilter("addr:housenumber")
    )
    places = sorted((item.location.lon, item.location.lat) for item in items)
    south = [place for place in places if 13.23 < place[0] < 13.30 and place[1] < 53.57]
    return random.Random(20261122).sample(south, count)  # noqa: S311 - repeatable


def add_grounds(study: Study) -> None:
    """Draw grounds of 600 m around the second house."""
    collection = json.loads(study.sites_path.read_text(encoding="utf-8"))
    x, y = collection["features"][1]["geometry"]["coordinates"]
    square = shapely.box(x - 0.004, y - 0.0025, x + 0.004, y + 0.0025)
    collection["features"].append(
        {
            "type": "Feature",
            "properties": {"kind": "site", "id": "park", "name": "Park"},
            "geometry": json.loads(shapely.to_geojson(square)),
        }
    )
    study.sites_path.write_text(json.dumps(collection), encoding="utf-8")


def same_frames(one: gpd.GeoDataFrame, other: gpd.GeoDataFrame) -> bool:
    """Whether two frames have the same rows in the same order, and the very same shapes."""
    one, other = (frame.reset_index(drop=True) for frame in (one, other))
    shapes = [
        name for name in one.columns if isinstance(one[name].dtype, type(one.geometry.dtype))
    ]
    rest = [name for name in one.columns if name not in {*shapes, "outline"}]
    return bool(
        len(one) == len(other)
        and one[rest].equals(other[rest])
        and one.geometry.geom_equals_exact(other.geometry, 0).all()
    )
