"""Pages: valid, complete, in German, from the same content as the JSON, and of one piece."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from starlette.testclient import TestClient

from api.service.catalogue import Catalogue, load_catalogue
from api.service.page_words import cell, column_of
from layers.layer_info import Source
from tests.api.service.page_sample import Elements, client_of, hostile_catalogue

PATHS = (
    "/",
    "/collections",
    "/collections/services",
    "/collections/access",
    "/collections/services/queryables",
    "/collections/services/items?limit=10",
    "/collections/access/items?limit=10",
    "/collections/isochrones/items?limit=3",
    "/conformance",
    "/api",
    "/hilfe",
    "/hilfe/qgis",
    "/hilfe/arcgis",
    "/hilfe/masterportal",
    "/dateien",
)
FAULTS = (("/nix", 404), ("/collections/nix", 404), ("/collections/services/items?bbox=x", 400))


@pytest.fixture(scope="module")
def catalogue(musterhausen: Path) -> Catalogue:
    return load_catalogue(musterhausen / "out/public")


@pytest.fixture(scope="module")
def pages(catalogue: Catalogue) -> TestClient:
    return client_of(catalogue)


def page(client: TestClient, path: str, status: int = 200) -> Elements:
    answer = client.get(path)
    assert answer.status_code == status, answer.text[:500]
    assert answer.headers["content-type"].startswith("text/html")
    return Elements(answer.text)


@pytest.mark.parametrize(("path", "status"), [*((path, 200) for path in PATHS), *FAULTS], ids=str)
def test_every_page_is_whole_and_says_what_it_is(
    pages: TestClient, path: str, status: int
) -> None:
    found = page(pages, path, status)
    assert found.unclosed == []
    assert found.values("html", "lang") == ["de"]
    for tag in ("title", "h1", "main", "header", "footer"):
        assert found.count(tag) == 1, tag
    assert found.texts("title")[0].endswith("Sozialraumkarte")
    assert found.values("a", "href")[0] == "#inhalt"
    ids = [values["id"] for _, values in found.found if values.get("id")]
    assert len(ids) == len(set(ids))
    assert set(found.values("label", "for")) <= set(ids)


@pytest.mark.parametrize("path", PATHS)
def test_no_page_needs_what_the_policy_forbids(pages: TestClient, path: str) -> None:
    found = page(pages, path)
    policy = pages.get(path).headers["content-security-policy"]
    assert "unsafe" not in policy
    assert found.count("style") == 0
    for tag, values in found.found:
        assert "style" not in values, tag
        assert not [name for name in values if name.startswith("on")], tag
        if tag == "script":
            assert str(values["src"]).startswith("/static/")


@pytest.mark.parametrize("path", PATHS)
def test_every_link_of_the_service_leads_somewhere(pages: TestClient, path: str) -> None:
    found = page(pages, path)
    links = {*found.values("a", "href"), *found.values("link", "href"),
             *found.values("script", "src"), *found.values("form", "action")}  # fmt: skip
    for link in sorted(links):
        if link.startswith(("#", "data:", "https://www.openstreetmap.org", "https://opendata")):
            continue
        assert link.startswith("/"), link
        answer = pages.get(link.partition("#")[0])
        assert answer.status_code in {200, 303}, link


def test_the_start_page_names_every_layer_with_its_number(
    pages: TestClient, catalogue: Catalogue
) -> None:
    text = " ".join(pages.get("/").text.split())
    for one in catalogue.collections.values():
        assert one.info.title in text
        count = f"{len(one.frame):,}".replace(",", ".")
        assert f'ansehen">{count}</a>' in text, one.id
    assert "Fiktiver Ort" in text
    assert "Öffentliche Fassung" in text
    assert "Stand 12.03.2026" in text
    assert 'href="/karte"' in text


def test_the_internal_release_says_so(musterhausen: Path) -> None:
    client = client_of(load_catalogue(musterhausen / "out"), internal=True)
    text = client.get("/").text
    assert "Interne Fassung" in text
    assert "Bitte nicht weitergeben" in text
    assert "Öffentliche Fassung" not in text


def test_publisher_and_contact_stand_in_the_foot(catalogue: Catalogue) -> None:
    for contact, href in (
        ("geo@stadt.example", "mailto:geo@stadt.example"),
        ("https://stadt.example/kontakt", "https://stadt.example/kontakt"),
        ("Zimmer 12", None),
        ("javascript:alert(1)@x.y", None),
        ("a@b.example?bcc=c@d.example", None),
    ):
        catalogue_with = _with_facts(catalogue, publisher="Stadt Beispiel", contact=contact)
        found = page(client_of(catalogue_with), "/hilfe")
        assert "Stadt Beispiel" in found.texts("bdi")
        assert contact in found.texts("bdi")
        links = found.values("a", "href")
        assert (href in links) if href else not [one for one in links if contact in one]


def _with_facts(catalogue: Catalogue, **facts: str) -> Catalogue:
    exported = replace(catalogue.exported, facts={**catalogue.exported.facts, **facts})
    return replace(catalogue, exported=exported)


def test_a_table_shows_what_the_json_says(pages: TestClient, catalogue: Catalogue) -> None:
    content = pages.get("/collections/gates/items?f=json").json()
    found = page(pages, "/collections/gates/items")
    texts = found.texts("bdi")
    for feature in content["features"]:
        for name, value in feature["properties"].items():
            if name == "site_id":
                assert value == "musterhausen"
                assert "LWL-Gelände Musterhausen (fiktiv)" in texts
            elif name not in {"id", "name"}:
                shown = cell(value, column_of("gates", name), {}).text
                assert shown in texts, name
        assert feature["properties"]["name"] or feature["id"] in texts
    assert len(content["features"]) == len(catalogue.collections["gates"].frame)


def test_an_object_shows_every_property_with_its_german_name(pages: TestClient) -> None:
    feature = pages.get("/collections/services/items?f=json&limit=1").json()["features"][0]
    found = page(pages, f"/collections/services/items/{feature['id']}")
    titles = [
        column_of("services", name).title for name in feature["properties"] if name != "category"
    ]
    assert found.texts("dt") == titles  # the code of the category stands there as its word
    assert "keine Angabe" in found.texts("bdi")
    assert f"/karte#ort={feature['id']}" in found.values("a", "href")


def test_ids_of_other_objects_are_shown_as_their_names(
    pages: TestClient, catalogue: Catalogue
) -> None:
    path = "/collections/access/items?profile=resident&state=confirmed&category=bakery"
    (feature,) = pages.get(f"{path}&f=json").json()["features"]
    nearest = feature["properties"]["nearest_id"]
    row = catalogue.collections["services"].row(nearest)
    assert row is not None
    name = catalogue.collections["services"].frame["name"].iloc[row]
    found = page(pages, path)
    assert f"/collections/services/items/{nearest}" in found.values("a", "href")
    assert name in found.texts("bdi")
    assert nearest not in found.texts("bdi")
    minutes = feature["properties"]["nearest_s"] / 60
    assert f"{minutes:.1f}".replace(".", ",").removesuffix(",0") + "\u00a0min" in found.texts(
        "bdi"
    )


def test_what_has_no_name_is_told_by_words(pages: TestClient) -> None:
    found = page(pages, "/collections/access/items?limit=5")
    assert "Bäckerei" in found.texts("bdi")
    assert not [text for text in found.texts("bdi") if "~" in text]
    assert "Sozial- und Rechtsberatung" in found.texts("bdi")
    own = page(pages, "/collections/access/items/musterhausen~resident~confirmed~bakery")
    name = "LWL-Gelände Musterhausen (fiktiv), Bewohnerinnen und Bewohner zu Fuß, gesichert"
    assert f"{name}, Bäckerei" in own.texts("bdi")


def test_a_missing_value_says_what_is_known_about_it() -> None:
    assert cell("", column_of("services", "on_campus"), {}).text == "außerhalb"
    assert cell(None, column_of("access", "nearest_s"), {}).text == "entfällt"
    assert cell(None, column_of("services", "operator"), {}).text == "keine Angabe"


def test_a_page_holds_fifty_rows_and_an_answer_for_programs_a_thousand(pages: TestClient) -> None:
    html = pages.get("/collections/access/items")
    assert html.text.count('<th scope="row">') == 50
    assert html.text.count("1 bis 50 von 344") == 2  # above the table and below
    following = re.findall(r'rel="next" href="([^"]+)"', html.text)
    assert len(set(following)) == 1
    assert "51 bis 100 von 344" in pages.get(following[0]).text
    assert pages.get("/collections/access/items?f=json").json()["numberReturned"] == 344
    asked = pages.get("/collections/access/items?limit=120").text
    assert asked.count('<th scope="row">') == 120


def test_pages_follow_one_another_and_show_every_object_once(
    pages: TestClient, catalogue: Catalogue
) -> None:
    path, seen = "/collections/services/items?limit=30", []
    while path:
        found = page(pages, path)
        seen += re.findall(
            r"^/collections/services/items/(.+)$",
            "\n".join(found.values("a", "href")),
            re.MULTILINE,
        )
        path = next(
            (
                str(values["href"])
                for tag, values in found.found
                if values.get("rel") == "next" and tag == "a"
            ),
            "",
        )
    assert seen == list(catalogue.collections["services"].ids)
    assert "61 bis 78 von 78" in pages.get("/collections/services/items?limit=30&offset=60").text


def test_the_form_asks_for_what_was_chosen(pages: TestClient, catalogue: Catalogue) -> None:
    form = {"category_label": "Bäckerei", "wheelchair": "", "partner": "", "name_enthaelt": "ost"}
    answer = pages.get("/collections/services/suche", params=form)
    assert answer.status_code == 303
    target = answer.headers["location"]
    assert "wheelchair" not in target
    frame: Any = catalogue.collections["services"].frame
    wanted = frame[
        (frame["category_label"] == "Bäckerei")
        & frame["name"].str.casefold().str.contains("ost", regex=False)
    ]
    assert 0 < len(wanted) < len(frame)
    found = page(pages, target)
    hrefs = {f"/collections/services/items/{key}" for key in wanted["id"]}
    assert hrefs == {
        link
        for link in found.values("a", "href")
        if re.match(r"/collections/services/items/", link)
    }
    assert [
        values["value"] for tag, values in found.found if tag == "option" and "selected" in values
    ] == ["Bäckerei"]
    assert "ost" in found.values("input", "value")


def test_signs_of_patterns_and_quotes_are_only_text(pages: TestClient) -> None:
    for text in ("100%", "a_b", "O'Neill", "\\", "';--"):
        target = pages.get("/collections/services/suche", params={"name_enthaelt": text}).headers[
            "location"
        ]
        found = page(pages, target)
        assert text in found.values("input", "value")
        assert "Zu dieser Auswahl gibt es keine Objekte." in found.texts("p")


def test_hostile_texts_are_shown_as_they_are(musterhausen: Path) -> None:
    hostile = hostile_catalogue(musterhausen / "out/public")
    client = client_of(hostile)
    usual = client_of(load_catalogue(musterhausen / "out/public"))
    ids = list(hostile.collections["services"].ids)
    for path in (
        "/",
        "/collections/services",
        "/collections/services/items",
        "/hilfe/masterportal",
    ):
        found = page(client, path)
        tags = {tag for tag, _ in found.found}
        assert found.unclosed == []
        assert tags <= {tag for tag, _ in page(usual, path).found}, path
        assert not [
            values for _, values in found.found if any(name.startswith("on") for name in values)
        ]
    found = page(client, "/collections/services/items?limit=1000")
    # Line ends and blanks at the ends apart, every text stands there letter by letter.
    shown = {" ".join(text.split()) for text in found.text["bdi"]}
    assert {" ".join(text.split()) for text in ids} <= shown
    for key in ids:
        answer = client.get(f"/collections/services/items/{quote(key, safe='')}")
        if answer.status_code == 200:
            one = Elements(answer.text)
            assert one.unclosed == []
            assert " ".join(key.split()) in {" ".join(text.split()) for text in one.text["bdi"]}
    links = [urlsplit(link).scheme for link in found.values("a", "href")]
    assert "javascript" not in links
    assert "https://example.org/a?b=1&c=2" in found.values("a", "href")


def test_a_fault_is_told_without_what_was_asked_running(pages: TestClient) -> None:
    answer = pages.get("/collections/services/items?limit=<script>hit()</script>")
    found = Elements(answer.text)
    assert answer.status_code == 400
    assert found.count("script") == 1
    assert found.unclosed == []


def test_a_prefix_of_the_proxy_stands_before_every_path(catalogue: Catalogue) -> None:
    client = client_of(catalogue, url="https://stadt.example/karten/sozial")
    found = page(client, "/collections/services/items?limit=5")
    for tag, attribute in (("a", "href"), ("script", "src"), ("link", "href"), ("form", "action")):
        for link in found.values(tag, attribute):
            assert link.startswith(
                ("/karten/sozial/", "#", "data:", "https://www.openstreetmap.org", "https://open")
            ), link
    assert "https://stadt.example/karten/sozial/collections/services/items" in found.values(
        "input", "value"
    )


def test_values_are_written_in_german() -> None:
    column = column_of("sites", "area_m2")
    assert cell(123456.5, column, {}).text == "123.456,5\u00a0m²"
    assert cell(None, column, {}).text == "keine Angabe"
    no: object = False
    assert cell(no, column, {}).text == "nein"
    assert cell("yes", column_of("services", "wheelchair"), {}).text == "ja"
    assert cell("2026-03-12", column_of("services", "data_date"), {}).text == "12.03.2026"
    profile = column_of("access", "profile")
    assert cell("slow", profile, {"profile": {"slow": "Langsam"}}).text == "Langsam"
    assert cell("javascript:x", column_of("services", "website"), {}).href == ""


def test_a_column_that_nobody_described_is_shown_by_its_name() -> None:
    assert column_of("services", "neu").title == "neu"


def test_sources_with_an_address_are_links(catalogue: Catalogue) -> None:
    one = catalogue.collections["transit"]
    source = Source("© Quelle", "ODbL 1.0", "https://opendatacommons.org/licenses/odbl/1-0/")
    changed = replace(one, source=source)
    held = replace(catalogue, collections={**catalogue.collections, "transit": changed})
    found = page(client_of(held), "/collections/transit")
    assert source.licence_url in found.values("a", "href")
