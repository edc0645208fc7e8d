"""Parts of the public sector by name, by hand."""

from types import SimpleNamespace

import pytest

from barometer.data.domains import (
    check_dimensions,
    list_conditions,
    list_wider_domains,
    name_domain,
    name_group,
    name_part,
    name_place,
    narrow_domain,
    read_parts,
    split_domain,
)
from barometer.languages.speaking import speak

NAMES = {
    "all": {},
    "region": {"sector": "region"},
    "field=health": {"field": "health"},
    "region&size=large": {"sector": "region", "size": "large"},
    "state&field=justice&size=small": {"sector": "state", "field": "justice", "size": "small"},
}
REGISTRY = SimpleNamespace(
    whole={"name": "Det hele", "place": ""},
    background={
        "sector": {"names": {"region": "Regionerne"}, "places": {"region": "i regionerne"}},
        "field": {
            "names": {"health": "Sundhedsområdet"},
            "places": {"health": "på sundhedsområdet"},
        },
        "size": {
            "names": {"large": "Store arbejdspladser"},
            "places": {"large": "på store arbejdspladser"},
        },
    },
)


@pytest.mark.parametrize(("name", "parts"), NAMES.items())
def test_a_domains_name_says_all_its_parts_and_is_read_as_it_was_made(name, parts):
    assert split_domain(name) == parts
    assert name_domain({"sector": "all", "field": "all", "size": "all"} | parts) == name


def test_a_domain_as_a_group_of_the_whole_names_every_condition():
    assert name_group("all") == "all"
    assert name_group("region&size=large") == "sector=region&size=large"
    assert list_conditions("field=health") == ["field=health"]


@pytest.mark.parametrize(
    ("domain", "group", "expected"),
    [
        ("all", "sector=region", "region"),
        ("all", "field=health", "field=health"),
        ("region", "size=large", "region&size=large"),
        ("size=large", "sector=region", "region&size=large"),
        ("region", "sector=region", "region"),
        ("all", "sector=region&size=large", "region&size=large"),
        ("region", "sector=state", None),  # nobody, and no domain
        ("all", "field=health|care", None),
        ("all", "politically_initiated", None),
        ("all", "novelty=copy", None),  # no dimension
        ("all", "!field=health", None),
        ("all", "all", None),
    ],
)
def test_a_part_seen_from_a_domain_is_one_domain_however_it_is_reached(domain, group, expected):
    assert narrow_domain(domain, group, REGISTRY.background) == expected


def test_a_domain_lies_within_all_that_leave_some_of_it_out():
    assert list_wider_domains("all") == []
    assert list_wider_domains("field=health") == ["all"]
    assert list_wider_domains("region&size=large") == ["all", "region", "size=large"]


def test_a_part_has_words_for_where_and_for_what_it_is_called():
    assert (name_place(REGISTRY, "all"), name_part(REGISTRY, "all")) == ("", "Det hele")
    assert name_place(REGISTRY, "region&size=large") == "på store arbejdspladser i regionerne"
    assert name_part(REGISTRY, "region&size=large") == "Store arbejdspladser i regionerne"
    assert name_part(REGISTRY, "region&field=health&size=large") == (
        "Store arbejdspladser på sundhedsområdet i regionerne"
    )


def test_the_whole_of_a_survey_that_gives_it_no_name_is_called_so_in_the_readers_language(tmp_path):
    path = tmp_path / "questionnaire.yaml"
    path.write_text("language: en\nbackground:\n  sector:\n    answers: {a: A}\n", "utf-8")
    with speak("en"):
        assert read_parts(path, 1, "en")[1] == {"all": "The whole survey", "a": "A"}


def test_a_part_of_a_survey_without_sectors_goes_by_its_dimension_s_name():
    assert name_domain({"region": "north", "size": "all"}) == name_group("region=north")
    assert split_domain("region=north&size=large") == {"region": "north", "size": "large"}
    assert narrow_domain("all", "region=north", ("region",)) == "region=north"


@pytest.mark.parametrize("name", ["data", "my region", "for"])
def test_a_dimension_has_no_name_that_is_taken(name):
    background = {name: {"answers": {"a": "A"}}}
    assert any(f"»{name}«" in one for one in check_dimensions(background))
    assert check_dimensions({"region": {"answers": {"a": "A"}}}) == []
