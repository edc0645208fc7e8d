"""Answers that few gave and that the questionnaire does not allow: of somebody who was not asked,
or beside an answer that excludes it.
"""

import numpy as np

from barometer.files.texts import write_alike
from barometer.incoming.doubtful import AS_IT_IS, are_few, find_fault
from barometer.incoming.words import NO_OPINION, NONE_OF_THEM


def find_strays(source, questions, codes, nearly):
    """[`Fault`, …] of the answers to [`Drafted`, …].

    `codes`: as in `routing.find_routes`. `nearly` {question: (`Route`, rows with an answer that it
    does not explain)}.
    """
    found, names = [], {question.id: question for question in questions}
    for question in questions:
        if question.id in nearly:
            route, strays = nearly[question.id]
            led = _name(names[route.question], route)
            problem = f"der er svaret af nogen, som ikke blev spurgt ({led})"
            remedy = f"slet svarene, eller ret det første, {AS_IT_IS}"
            found.append(find_fault(source, question.columns, strays, problem, remedy))
        if question.kind == "multiple":
            found += _find_beside(source, question, codes[question.id])
    return [fault for fault in found if fault]


def _name(question, route):
    """Which answer leads to a question, by the column in which it stands."""
    columns = {item.id: item.column for item in question.items} | {None: question.columns[0]}
    return f"ikke {columns[route.item]} = {' eller '.join(route.codes)}"


def _find_beside(source, question, ticks):
    """Faults of ticks beside one that says that there is none, or no opinion."""
    for item in question.items:
        text = write_alike(item.text)
        if NONE_OF_THEM.search(text) or NO_OPINION.search(text):
            ticked = ticks[item.id] == "1"
            others = [one == "1" for name, one in ticks.items() if name != item.id]
            bad = ticked & np.any(others, axis=0)
            if are_few(bad, ticked):
                problem = f"»{item.text}« er svaret sammen med andet"
                remedy = f"slet det ene af svarene, {AS_IT_IS}"
                yield find_fault(source, question.columns, bad, problem, remedy)
