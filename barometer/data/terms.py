"""What a survey is called in text: its period and round as words, and the words of its registry
that have a number in them ("30-49 år"), which therefore need no row in the trace.
"""

# stands for the survey's period in the registry's texts, as it does in wordings
PERIOD = "{periode}"
ORDINALS = (
    "nulte",
    "første",
    "anden",
    "tredje",
    "fjerde",
    "femte",
    "sjette",
    "syvende",
    "ottende",
    "niende",
    "tiende",
    "ellevte",
    "tolvte",
)


def name_ordinal(number):
    """3 → "tredje"; 13 → "13."; what is no whole number as it is written."""
    if isinstance(number, bool) or not isinstance(number, int):
        return str(number)
    return ORDINALS[number] if 0 <= number < len(ORDINALS) else f"{number}."


def fill_period(content, period):
    """A copy of a registry's content (as from YAML) in which `{periode}` is the survey's period in
    every text.
    """
    if isinstance(content, dict):
        return {key: fill_period(value, period) for key, value in content.items()}
    if isinstance(content, list):
        return [fill_period(value, period) for value in content]
    return content.replace(PERIOD, str(period)) if isinstance(content, str) else content


def list_numbered_words(registry, cards):
    """The texts of registry and cards that have a digit in them, as readers meet them: the longest
    first.
    """
    texts = [registry.title, registry.period, registry.fieldwork, cards["title"]]
    texts += [card["citation"] for card in cards["files"].values()]
    for question in registry.questions.values():
        texts += [question.text, *question.items.values(), *question.answers.values()]
    for derived in registry.derived.values():
        texts += [derived.label, derived.base_text or ""]
    for dimension in registry.background.values():
        texts += [
            *dimension["answers"].values(),
            *dimension["names"].values(),
            *dimension["places"].values(),
        ]
    return sorted(
        {text for text in texts if any(map(str.isdigit, text))}, key=lambda text: (-len(text), text)
    )


def find_names(content):
    """The labels that keep their capital inside a sentence: entries with `proper: true`."""
    entries = [*content["derived"].values()]
    for one in (*content["questions"].values(), *content["background"].values()):
        entries += [*one.get("items", {}).values(), *one.get("answers", {}).values()]
    proper = (entry for entry in entries if isinstance(entry, dict) and entry.get("proper") is True)
    return frozenset(str(entry["label"]) for entry in proper)
