"""What a measure is in each round: its name there, what its registry says has changed, and what has
changed without a word.
"""

from barometer.data.cards import REGISTRY
from barometer.data.registry import RegistryError
from barometer.data.terms import BREAKS
from barometer.files.faults import Fault, show

EVERY = "all"  # what a break of a whole round is under in a registry
SAME = BREAKS[-1]  # something has changed that leaves a measure comparable


def find_variable(item, registry, other):
    """What a variable of `registry` is called in the registry of another round; "" where it is not
    there.
    """
    head = item.partition("=")[0].partition(".")[0]
    name = _find_name(head, registry, other)
    found = f"{name}{item[len(head) :]}" if name else ""
    try:
        other.check_item(found) if found else None
    except RegistryError:
        return ""
    return found


def list_breaks(item, registries):
    """{round: its texts} of the rounds in which a measure was changed so that it cannot be compared
    with those before. `registries`: of all rounds, the newest last, whose name `item` is.
    """
    found, newest = {}, registries[-1]
    for registry in registries:
        name = find_variable(item, newest, registry)
        names = [EVERY, *(_list_parts(name, registry) if name else ())]
        for one in dict.fromkeys(names):
            for number, what, text in registry.breaks.get(one, ()):
                if what != SAME and text not in found.setdefault(number, []):
                    found[number].append(text)
    return {number: tuple(texts) for number, texts in found.items() if texts}


def find_changes(older, newer):
    """A `Fault` for each measure that is another in the newer round without a word of it."""
    faults = []
    for name in (*newer.questions, *newer.derived):
        before = _find_name(name, newer, older)
        named = [one for part in (name, EVERY) for one in newer.breaks.get(part, ())]
        if not before or any(number == newer.round for number, *_ in named):
            continue
        if what := _compare(_describe(older, before), _describe(newer, name)):
            problem = f"{show(name)} har {what} i runde {newer.round} end i runde {older.round}"
            form = f"- {{round: {newer.round}, what: wording, text: …}}"
            remedy = f"skriv under breaks ved {show(name)}: {form}"
            same = f"what er {SAME}, hvis svarene stadig kan sammenlignes"
            faults.append(Fault(REGISTRY, problem, f"{remedy}; {same}"))
    return faults


def find_other_parts(older, newer):
    """A `Fault` for each dimension of the population that has other parts in the newer round, or is
    there in one of them alone, without a word of it under `breaks` of the whole round.
    """
    if any(number == newer.round for number, *_ in newer.breaks.get(EVERY, ())):
        return []
    faults = []
    for name in dict.fromkeys([*older.background, *newer.background]):
        before, now = ({*one.background.get(name, {}).get("answers", ())} for one in (older, newer))
        if before != now:
            parts = ", ".join(sorted(before ^ now))
            problem = f"{show(name)} har andre dele i runde {newer.round} end i runde {older.round}"
            form = f"- {{round: {newer.round}, what: method, text: …}}"
            remedy = f"skriv under breaks øverst i registret: {form}; what er {SAME}, hvis svarene "
            problem = f"{problem} ({parts})"
            faults.append(Fault(REGISTRY, problem, f"{remedy}stadig kan sammenlignes"))
    return faults


def _find_name(name, registry, other):
    """The question or derived variable of another registry with the same name over rounds."""
    identity = registry.identities.get(name, name)
    names = (*other.questions, *other.derived)
    return next((one for one in names if other.identities.get(one, one) == identity), "")


def _list_parts(name, registry):
    """The questions and derived variables that a variable rests on, and who was asked."""
    head = name.partition("=")[0].partition(".")[0]
    yield head
    if derived := registry.derived.get(head):
        for part in (*derived.parts, *filter(None, [derived.among])):
            yield from _list_parts(part, registry)
    elif (question := registry.questions.get(head)) and question.asked != EVERY:
        yield from _list_parts(question.asked, registry)


def _describe(registry, name):
    """{part of a measure: (what it is, what it is called when it is another)}."""
    if question := registry.questions.get(name):
        asked = registry.identities.get(question.asked, question.asked)
        form = question.kind, question.max, asked
        return {
            "wording": (" ".join(question.text.split()), "en anden ordlyd"),
            "answers": ((question.answers, question.items), "andre svar"),
            "method": (form, "en anden form eller en anden kreds af spurgte"),
        }
    one = registry.derived[name]
    made = one.parts, one.at_least, one.negated, one.among
    return {"method": (made, "en anden beregning")}


def _compare(before, now):
    if before.keys() != now.keys():
        return "en anden art"
    return next((words for key, (what, words) in now.items() if before[key][0] != what), "")
