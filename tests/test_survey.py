import csv

import numpy as np
import pytest

from barometer import survey_files
from barometer.data.variables import make_dictionary
from barometer.disclosure.release import release_differences, release_shares
from barometer.door.calls import CallError
from barometer.files.faults import DataFault
from barometer.parameters import ParameterError
from barometer.paths import DATA
from barometer.survey import open_survey
from tests.make import small_survey
from tests.make.shipped import CODES, open_shipped


def test_a_sector_is_a_domain_of_the_whole_design_and_no_smaller_survey():
    region, whole = open_shipped("region"), open_shipped()
    assert len(region.design.weights) == len(whole.design.weights) == 2271
    cell = release_shares(region, ["innovative"]).cell("innovative")
    same = release_shares(whole, ["innovative"], ["sector=region"]).cell(
        "innovative", "sector=region"
    )
    assert (cell["share"], cell["se"], cell["n"]) == (same["share"], same["se"], same["n"])


def test_the_whole_seen_from_a_sector_report_is_the_whole_and_still_that_sectors_report():
    region = open_shipped("region")
    assert region.whole.member("all").sum() == 2271
    assert region.whole.report == "region"
    assert region.own_domain == "sector=region"
    assert release_shares(region.whole, ["innovative"]).about.part == "region"


def test_a_sector_is_compared_with_the_whole_that_contains_it_with_their_covariance():
    region = open_shipped("region")
    released = release_differences(
        region.whole, ["politically_initiated"], region.own_domain, "all"
    )
    row = released.comparison("politically_initiated")
    apart = np.hypot(
        *[
            released.cell("politically_initiated", group)["se"]
            for group in (region.own_domain, "all")
        ]
    )
    assert row["verdict"] == "lower"
    assert row["se"] != pytest.approx(apart, rel=0.02)


@pytest.mark.parametrize("sector", CODES)
def test_a_report_says_whose_it_is_and_that_its_data_are_synthetic(sector):
    about = open_shipped(sector).describe()
    assert about["part"] == sector
    assert about["synthetic"] is True
    assert "syntetiske" in about["notice"].lower()


def test_an_unknown_sector_is_refused_before_any_file_is_read():
    with pytest.raises(ParameterError, match="region"):
        open_survey(sector="regional")


def test_a_part_is_named_by_its_place_or_by_its_dimension_and_by_one_text():
    assert open_survey("barometer-2020", "region").report == "region"
    assert open_survey("barometer-2020", None, 0.05, "da", "health").report == "field=health"
    with pytest.raises(CallError, match=r"answer = 3 kan ikke bruges\. Skriv et navn"):
        open_survey("barometer-2020", 3)


def test_dont_know_stays_in_the_base():
    survey = open_shipped()
    shares = release_shares(survey, survey.question("novelty")).table
    assert shares["n"].eq(1877).all()
    assert shares["share"].sum() == pytest.approx(1)


def test_an_innovation_with_both_political_initiators_counts_in_both_groups():
    survey = open_shipped()
    npl, law = survey.member("initiated_by_politicians"), survey.member("initiated_by_legislation")
    assert (npl & law).sum() > 10
    assert (npl | law).sum() == survey.member("politically_initiated").sum()


def test_the_shipped_data_dictionary_is_the_one_the_registry_makes():
    with (DATA / "barometer-2020" / "dictionary.csv").open(encoding="utf-8", newline="") as file:
        shipped = list(csv.DictReader(file))
    assert shipped == make_dictionary(open_shipped().registry).astype(str).to_dict("records")


def test_every_column_of_the_microdata_is_in_the_dictionary_in_the_same_order():
    with (DATA / "barometer-2020" / "microdata.csv").open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    assert header == make_dictionary(open_shipped().registry)["variable"].tolist()


def test_a_folder_is_read_once_while_nothing_in_it_changes_and_no_one_can_change_anothers_tables(
    tmp_path, monkeypatch
):
    folder = small_survey.make_survey(tmp_path / "s")
    read = []
    monkeypatch.setattr(survey_files, "_READ", {})
    monkeypatch.setattr(
        survey_files,
        "read_files",
        lambda *files, real=survey_files.read_files: read.append(1) or real(*files),
    )
    first, second = survey_files.read_folder(folder), survey_files.read_folder(folder)
    first.population.loc[0, "units"] = -1
    first.microdata.loc[0, "weight"] = -1.0
    assert (
        second.population.loc[0, "units"] > 0
        and survey_files.read_folder(folder).microdata.loc[0, "weight"] > 0
    )
    assert len(read) == 1
    (folder / "population.csv").write_text((folder / "population.csv").read_text() + "\n")
    with pytest.raises(DataFault):
        survey_files.read_folder(folder)
    assert len(read) == 2
