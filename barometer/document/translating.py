"""An executed notebook in another language: what its cells have written in it beside their own, and
its text by the project's catalogue. Nothing is executed.
"""

import copy

from barometer.display import draw_payload
from barometer.languages.paragraphs import translate_markdown
from barometer.payloads import INTERNAL, LANGUAGES, MIME, read_payload


def translate_notebook(notebook, language):
    """A copy of a kept notebook in the language that is spoken, which is `language`. What was not
    written in it stays in the chapter's.
    """
    notebook = copy.deepcopy(notebook)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = translate_markdown(cell["source"])
        for output in cell.get("outputs", ()):
            if MIME in output.get("data", {}):
                output["data"] = _translate_output(output["data"], language)
    return notebook


def _translate_output(data, language):
    payload = read_payload(data)
    found = payload.get(LANGUAGES, {}).get(language)
    if found is None:
        return data
    payload = found | {name: payload[name] for name in ("made_here",) if name in payload}
    pictures = ()
    if sketch := payload.get(INTERNAL, {}).get("sketch"):
        from barometer.figures.drawing import paint_sketch  # brings matplotlib

        kept = {name: value for name, value in payload[INTERNAL].items() if name != "sketch"}
        payload = payload | {INTERNAL: kept}
        pictures = paint_sketch(sketch)
    return {MIME: payload, **draw_payload(payload, *pictures)}
