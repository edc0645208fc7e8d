"""What changed between two runs: two folders of tiny traces, and what is told of the difference."""

import csv

import pytest

from barometer.verify.changes import ChangesError, compare_runs, read_traces, write_changes

NUMBER = {
    "chapter": "03",
    "where": "figur-3",
    "part": "table",
    "shown": "17\u00a0pct.",
    "kind": "share",
    "item": "novelty=copy",
    "label": "Kopier",
    "group": "all",
    "group_label": "Alle",
    "n": "120",
    "data": "aa",
}
CLAIM = {
    "id": "D09",
    "chapter": "03",
    "sentence": "De er oftere kopier: 17 pct.",
    "outcome": "more",
    "about": "Kopier, Igangsat: Ja",
    "item": "novelty=copy",
    "group": "yes",
    "versus": "no",
    "p": "0,010",
    "verdict": "higher",
    "status": "holds",
}
FILES = {"numbers.csv": NUMBER, "claims.csv": CLAIM}


@pytest.fixture
def change(tmp_path):
    """Compare two runs of one number and one claim each, but for the rows given: what they have
    that is different.
    """

    def write(run, name, rows, report):
        place = tmp_path / run / report
        place.mkdir(parents=True, exist_ok=True)
        with open(place / name, "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)

    def compare(old=(), new=(), name="numbers.csv", report="all"):
        for run, given in (("old", old), ("new", new)):
            for file, base in FILES.items():
                rows = [base | row for row in given] if file == name and given else [base]
                write(run, file, rows, report)
        return compare_runs(tmp_path / "old", tmp_path / "new")

    return compare


def list_rows(changes, *names):
    return [tuple(row[name] for name in names) for row in changes.rows]


def read_told(changes, folder):
    return write_changes(changes, folder).read_text(encoding="utf-8")


def test_nothing_changed_is_said(change, tmp_path):
    changes = change()
    assert changes.rows == () and changes.count() == {}
    assert changes.summary == "Intet er ændret siden sidst i det, der kan sammenlignes."
    assert changes.summary in read_told(changes, tmp_path) and "Intet er ændret.\n" in read_told(
        changes, tmp_path
    )


def test_a_changed_percentage_is_told_in_points_and_with_what_it_is(change, tmp_path):
    changes = change(new=[{"shown": "12\u00a0pct.", "n": "119"}])
    assert list_rows(changes, "change", "where", "from", "to", "points", "note") == [
        ("number", "figur-3", "17\u00a0pct.", "12\u00a0pct.", "−5", "n 120 → 119")
    ]
    line = (
        "* **figur-3** (03, tabel) Kopier, Alle: **17\u00a0pct. → 12\u00a0pct.** (−5 point). n "
        "120 → 119"
    )
    assert line in read_told(changes, tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "points"),
    [
        ("17\u00a0%", "18 pct.", "+1"),
        ("37,4\u00a0%", "37,6\u00a0%", "+0,2"),
        ("37\u00a0%", "37,5\u00a0%", "+0,5"),
        ("[c]", "18\u00a0%", ""),
        ("1.877", "1.880", ""),
        ("5\u00a0procentpoint", "6\u00a0procentpoint", ""),
    ],
)
def test_points_are_between_two_percentages_as_shown_and_nothing_else(change, old, new, points):
    assert list_rows(change([{"shown": old}], [{"shown": new}]), "from", "to", "points") == [
        (old, new, points)
    ]


def test_a_number_that_is_closed_in_both_runs_is_unchanged(change):
    assert change([{"shown": "[c]"}], [{"shown": "[c]"}]).rows == ()


def test_the_same_number_on_another_base_is_a_change_of_its_own(change):
    changes = change(new=[{"n": "119"}])
    assert changes.count() == {"number_basis": 1}
    assert list_rows(changes, "from", "to", "note") == [
        ("17\u00a0pct.", "17\u00a0pct.", "n 120 → 119")
    ]


@pytest.mark.parametrize("name", ["chapter", "where", "part", "item", "group", "kind"])
def test_a_number_is_another_one_when_any_part_of_its_key_is(change, name):
    assert change(new=[{name: "x"}]).count() == {"number_added": 1, "number_removed": 1}


def test_order_tells_numbers_of_one_key_apart(change):
    changes = change([{"shown": "1"}, {"shown": "2"}], [{"shown": "2"}, {"shown": "3"}])
    assert list_rows(changes, "from", "to") == [("1", "2"), ("2", "3")]


def test_a_number_put_in_front_of_others_of_its_key_does_not_change_them(change):
    changes = change(
        [{"shown": "1"}, {"shown": "2"}], [{"shown": "0"}, {"shown": "1"}, {"shown": "2"}]
    )
    assert list_rows(changes, "change", "to") == [("number_added", "0")]


def test_a_number_that_changed_alike_in_several_parts_is_told_once_and_counted_for_each(
    change, tmp_path
):
    parts = [{"part": "picture"}, {"part": "table"}, {"part": "alt"}]
    changes = change(parts, [part | {"shown": "18 pct."} for part in parts])
    told = read_told(changes, tmp_path)
    assert "* Ændrede tal: 3" in told
    assert told.count("(03, billede, tabel, alternativ tekst) Kopier") == 1


@pytest.mark.parametrize(
    ("old", "new", "crosses", "note"),
    [
        ("higher", "no_difference", "yes", "er ikke længere signifikant"),
        ("tendency_lower", "lower", "yes", "er blevet signifikant"),
        ("higher", "lower", "no", "skifter retning"),
        ("no_difference", "tendency_higher", "no", ""),
        ("higher", "closed", "no", "kan ikke vises eller testes"),
        ("untested", "difference", "no", "kan nu vises eller testes"),
    ],
)
def test_a_changed_verdict_says_whether_it_crossed_the_line_of_significance(
    change, old, new, crosses, note
):
    changes = change([{"verdict": old}], [{"verdict": new}], "claims.csv")
    assert list_rows(changes, "change", "where", "from", "to", "crosses", "note") == [
        ("verdict", "D09", old, new, crosses, note)
    ]


def test_verdict_status_and_wording_are_three_changes(change, tmp_path):
    new = {
        "verdict": "no_difference",
        "status": "reworded",
        "sentence": "Ingen sikker forskel.",
        "p": "0,300",
    }
    changes = change(new=[new], name="claims.csv")
    assert changes.count() == {"verdict": 1, "status": 1, "sentence": 1}
    assert (
        changes.summary
        == "Siden sidst: ændrede testudfald: 1; ændret status: 1; sætninger med ny ordlyd: 1."
    )
    told = read_told(changes, tmp_path)
    assert "* Ændrede testudfald: 1, heraf 1 hen over grænsen for signifikans" in told
    assert "**oftere → ingen sikker forskel**. er ikke længere signifikant; p 0,010 → 0,300" in told
    assert "**stemmer → omformuleret**" in told
    assert (
        "* **D09** (03)\n  * Før: De er oftere kopier: 17 pct.\n  * Nu: Ingen sikker forskel."
        in told
    )


def test_a_sentence_in_which_only_numbers_changed_has_no_new_wording(change):
    changes = change(new=[{"sentence": "De er oftere kopier: 18 pct."}], name="claims.csv")
    assert changes.count() == {"sentence_number": 1}


def test_a_test_with_the_same_verdict_but_other_numbers_is_not_passed_over(change):
    changes = change(new=[{"p": "0,020"}], name="claims.csv")
    assert list_rows(changes, "change", "note") == [("verdict_basis", "p 0,010 → 0,020")]


def test_sentences_come_and_go_by_their_ids(change, tmp_path):
    changes = change(new=[{"id": "D10", "sentence": "En ny."}], name="claims.csv")
    assert list_rows(changes, "change", "where", "from", "to") == [
        ("sentence_removed", "D09", CLAIM["sentence"], ""),
        ("sentence_added", "D10", "", "En ny."),
    ]
    assert "### Nye sætninger\n\n* **D10** (03)\n  * Nu: En ny.\n" in read_told(changes, tmp_path)


def test_a_sentence_on_several_tests_is_one_sentence_and_its_tests_are_told_apart(change):
    tests = [{}, {"item": "other"}]
    changes = change(
        tests,
        [{"sentence": "X."}, {"sentence": "X.", "item": "other", "verdict": "lower"}],
        "claims.csv",
    )
    assert list_rows(changes, "change", "item") == [("sentence", ""), ("verdict", "other")]
    assert change([{}], tests, "claims.csv").count() == {"verdict_added": 1}


def test_reports_are_told_apart_in_their_order_and_one_that_is_missing_is_named(change, tmp_path):
    for report in ("region-kapitel-02", "municipality", "state"):
        change(new=[{"shown": "1"}], report=report)
    (tmp_path / "old" / "state").rename(tmp_path / "old" / ".state")
    changes = compare_runs(tmp_path / "old", tmp_path / "new")
    assert changes.reports == ("state", "municipality", "region-kapitel-02")
    assert changes.compared == ("municipality", "region-kapitel-02")
    assert list_rows(changes, "report", "change") == [
        ("state", "notice"),
        ("municipality", "number"),
        ("region-kapitel-02", "number"),
    ]
    told = read_told(changes, tmp_path)
    assert "* Bemærk: Rapporten findes kun i den nye kørsel og er ikke sammenlignet." in told
    assert (
        told.index("## Staten (`state`)")
        < told.index("## Kommunerne")
        < told.index("(`region-kapitel-02`)")
    )


def test_runs_without_a_report_in_common_are_said_to_be_so(change, tmp_path):
    change()
    (tmp_path / "old" / "all").rename(tmp_path / "old" / "region")
    summary = compare_runs(tmp_path / "old", tmp_path / "new").summary
    assert summary == "De to kørsler har ingen rapport til fælles, så intet er sammenlignet."


def test_a_column_that_one_run_lacks_is_named_and_the_others_are_compared(change, tmp_path):
    change(new=[{"shown": "18 pct.", "base": "alle"}])
    changes = compare_runs(tmp_path / "old", tmp_path / "new")
    assert list_rows(changes, "change", "note") == [
        (
            "notice",
            "numbers.csv mangler kolonnen base i den gamle kørsel; den er ikke sammenlignet.",
        ),
        ("number", ""),
    ]


def test_a_table_that_one_run_lacks_is_named(change, tmp_path):
    change()
    (tmp_path / "old" / "all" / "claims.csv").unlink()
    changes = compare_runs(tmp_path / "old", tmp_path / "new")
    assert [row["note"].partition(":")[0] for row in changes.rows] == [
        "claims.csv er ikke sammenlignet"
    ]


def test_other_data_are_noticed_but_are_no_change(change):
    changes = change(new=[{"data": "bb"}])
    assert changes.count() == {}
    assert list_rows(changes, "note") == [
        ("De to kørsler bygger på hver sin udgave af data (data i numbers.csv).",)
    ]


def test_traces_may_be_read_before_the_new_run_takes_their_place(change, tmp_path):
    change()
    old = read_traces(tmp_path / "new")
    change(new=[{"shown": "18 pct."}])
    assert compare_runs(old, tmp_path / "new").count() == {"number": 1}


def test_formulas_are_harmless_in_the_table_and_numbers_stay_numbers(change, tmp_path):
    write_changes(
        change([{"shown": "-3,2", "label": "=SUM(A1)"}], [{"shown": "@x", "label": "=SUM(A1)"}]),
        tmp_path,
    )
    with open(tmp_path / "changes.csv", encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["label"], row["from"], row["to"]) == ("'=SUM(A1)", "-3,2", "'@x")


def test_markup_in_a_trace_stays_text(change, tmp_path):
    told = read_told(change(new=[{"sentence": "<b>A</b>\nB"}], name="claims.csv"), tmp_path)
    assert r"Nu: \<b>A\</b> B" in told


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "findes ikke"),
        ({}, "har ingen spor"),
        ({"all/claims.csv": b""}, "all/claims.csv er tom eller afbrudt"),
        ({"all/claims.csv": b"id,sentence\nD09"}, "all/claims.csv er tom eller afbrudt"),
        ({"all/claims.csv": b"id,sentence\nD09,\xff"}, "kan ikke læses"),
        ({"claims.csv": b"id,sentence\n"}, "har ingen spor"),
        ({"all/report.html": b"x"}, "har ingen spor"),
    ],
)
def test_a_folder_that_cannot_be_compared_is_refused_with_a_remedy(tmp_path, content, problem):
    for name, text in (content or {}).items():
        (tmp_path / "run" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "run" / name).write_bytes(text)
    if content == {}:
        (tmp_path / "run").mkdir()
    with pytest.raises(ChangesError, match=problem) as caught:
        read_traces(tmp_path / "run")
    assert "Giv den mappe, som en kørsel har lagt rapporterne i" in str(caught.value)
