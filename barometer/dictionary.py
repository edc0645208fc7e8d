"""The data dictionary, `dictionary.csv`: what each column of the microdata holds, as the registry says."""
import pandas as pd


def make_dictionary(registry):
    """The data dictionary: one row per microdata column (variable, question, item, kind, asked, answers, assumed)."""
    rows = [
        ("id", "Løbenummer uden mening uden for filen", "", "text", "all", "", ""),
        ("stratum", "Stratum: forvaltningsniveau, fagområde og størrelse (population.csv)", "", "text", "all", "", ""),
        ("weight", "Vægt: arbejdspladser i populationen, som svaret står for", "", "number", "all", "> 0", ""),
    ]
    for question in registry.questions.values():
        coded = question.answers or {"0": "nej", "1": "ja"}
        answers = "; ".join(f"{code} = {label}" for code, label in coded.items())
        for column, item in zip(question.columns, question.items or [None], strict=True):
            label = question.items[item] if item else ""
            assumed = "ja" if item in question.assumed or (not item and question.assumed) else ""
            rows.append((column, question.text, label, question.kind, question.asked, answers, assumed))
    return pd.DataFrame(rows, columns=["variable", "question", "item", "kind", "asked", "answers", "assumed"])
