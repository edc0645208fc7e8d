"""Holm within families and Benjamini-Hochberg over a report, on p-values adjusted by hand."""

import nbformat
import numpy as np
import pytest

from barometer.payloads import MIME
from barometer.sentences.adjustments import adjust_chapters, adjust_discoveries


def make_row(item, p, group="a", versus="b", verdict="higher", domain="all"):
    shown = {"p": f"{p:.3f}".replace(".", ",")} if isinstance(p, float) else {"p": p}
    known = {"internal": {"p": p, "alpha": 0.05, "domain": domain}} if isinstance(p, float) else {}
    trace = [{"kind": "p", "shown": shown["p"]}]
    return {
        "item": item,
        "group": group,
        "versus": versus,
        "verdict": verdict,
        "trace": trace,
        **shown,
        **known,
    }


def make_chapter(name, *payloads):
    cell = nbformat.v4.new_code_cell(
        outputs=[nbformat.v4.new_output("display_data", {MIME: one}) for one in payloads]
    )
    return name, nbformat.v4.new_notebook(cells=[cell])


def tell(id, *rows):
    return {"kind": "prose", "id": id, "evidence": list(rows)}


def draw(id, **tests):
    return {
        "kind": "figure",
        "id": id,
        "internal": {
            "tests": [
                {"domain": "all", "item": f"value.{item}", "group": "a", "versus": "b", "p": p}
                for item, p in tests.items()
            ]
        },
    }


def adjust(*payloads):
    [(_, notebook)] = adjust_chapters([make_chapter("01", *payloads)])
    rows = [
        (one.data[MIME]["id"], row)
        for one in notebook.cells[0].outputs
        for row in one.data[MIME].get("evidence", ())
    ]
    return {
        id: (row.get("family"), row.get("p_adjusted"), row.get("p_bh"), row.get("falls"))
        for id, row in rows
    }


def test_discoveries_are_adjusted_as_benjamini_and_hochberg_say():
    # 0.01 x 4, 0.029 x 4/2, 0.03 x 4/3, 0.5; the second, 0.058, becomes the least of those above
    # it.
    assert adjust_discoveries([0.03, 0.01, 0.5, 0.029]) == pytest.approx([0.04, 0.04, 0.5, 0.04])
    assert adjust_discoveries([0.2, 0.001, 0.03]) == pytest.approx([0.2, 0.003, 0.045])
    assert list(adjust_discoveries([])) == []


def test_sentences_on_one_question_are_one_family_whatever_groups_and_calls_they_come_from():
    found = adjust(
        tell("D19", make_row("value.x", 0.029, "a", "c")),
        tell("D19b", make_row("value.x", 0.019)),
        tell("D11", make_row("inspiration.y", 0.04)),
    )
    assert found == {
        "D19": ("value", "0,038", "0,040", ""),
        "D19b": ("value", "0,038", "0,040", ""),
        "D11": ("inspiration", "0,040", "0,040", ""),
    }


def test_the_tests_at_a_figures_rows_are_a_family_and_a_sentence_on_one_of_them_belongs_to_it():
    found = adjust(
        tell("D1", make_row("value.x", 0.02)),
        tell("D2", make_row("value.z", 0.02)),
        draw("figur-4", x=0.02, y=0.9, w=0.8),
    )
    assert found["D1"] == ("figur-4", "0,060", "0,040", "Holm")
    assert found["D2"] == ("value", "0,020", "0,040", "")


def test_the_tests_of_one_sentence_are_one_family_and_one_told_twice_counts_once():
    both = tell("D06", make_row("one", 0.02), make_row("two", 0.04))
    found = adjust(
        both, tell("D07", make_row("two", 0.04)), tell("D08", make_row("two", 0.04, "b", "a"))
    )
    assert found["D07"] == found["D08"] == ("one", "0,040", "0,040", "")


@pytest.mark.parametrize("closed", ["[c]", "[u]", ""])
def test_no_adjustment_tells_of_a_test_whose_p_is_not_shown(closed):
    open_rows = [tell("D1", make_row("value.x", 0.02)), tell("D2", make_row("value.y", 0.03))]
    alone = adjust(*open_rows)
    hidden = make_row("value.z", closed, verdict="closed")
    assert {
        id: one for id, one in adjust(tell("D0", hidden), *open_rows).items() if id != "D0"
    } == alone
    assert (
        adjust(
            tell(
                "D0",
                hidden
                | {"internal": {"p": float(np.float64(0.0001)), "alpha": 0.05, "domain": "all"}},
            ),
            *open_rows,
        )["D1"]
        == alone["D1"]
    )


def test_without_full_precision_nothing_is_told_and_the_notebook_given_is_left_alone():
    row = make_row("value.x", 0.02)
    chapter = make_chapter("01", tell("D1", row))
    adjust_chapters([chapter])
    assert "family" not in chapter[1].cells[0].outputs[0].data[MIME]["evidence"][0]
    del row["internal"]
    assert adjust(tell("D1", row))["D1"] == (None, None, None, None)
