"""What programs for forms on the web write becomes the same survey, whichever of them it was."""

import pytest
import yaml

from barometer.drafting.project import draft_project
from tests.make.forms import (
    ADVISE,
    AGREE,
    CONTENT,
    HOURS,
    REGION,
    ROWS,
    TOOLS,
    USED,
    WRITERS,
    make_forms,
)

KINDS = {
    REGION: "single",
    CONTENT: "scale",
    USED: "multiple",
    AGREE: "scale",
    HOURS: "number",
    ADVISE: "scale",
}


@pytest.mark.parametrize("form", WRITERS)
def test_each_form_s_file_becomes_the_same_questions_with_the_same_answers(form, tmp_path):
    answers = make_forms()
    path = WRITERS[form](tmp_path, answers)
    draft = draft_project(path, "Users", "2026", "2026-03-31", {}, accepted=True)
    registry = yaml.safe_load(draft.files[f"data/{draft.name}/questionnaire.yaml"])
    questions = {one["text"]: (name, one) for name, one in registry["questions"].items()}
    assert {text: one["kind"] for text, (_, one) in questions.items()} == KINDS
    table = draft.answers
    assert len(table) == len(answers)
    name, used = questions[USED]
    items = {text: item for item, text in used["items"].items()}
    for at, tool in enumerate(TOOLS):
        given = [row[USED][at] for row in answers]
        some = [bool(sum(row[USED])) for row in answers]
        column = table[f"{name}_{items[tool]}"].astype(str)
        wanted = [str(int(tick)) for tick, one in zip(given, some, strict=True) if one]
        assert [one for one, asked in zip(column, some, strict=True) if asked] == wanted
    name, agree = questions[AGREE]
    assert [*agree["items"].values()] == [*ROWS]
    for at, item in enumerate(agree["items"]):
        codes = table[f"{name}_{item}"].astype(str)
        assert [agree["answers"][code] for code in codes] == [row[AGREE][at] for row in answers]
    name, _ = questions[HOURS]
    assert [float(one) for one in table[name]] == [row[HOURS] for row in answers]
    assert "fine" not in draft.answers.to_csv()  # what people wrote themselves
