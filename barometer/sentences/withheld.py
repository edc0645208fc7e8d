"""The wordings where none of the chapter's fits: why numbers are not shown, why there is no test,
and what several tests found, each for itself.

The topic is so close that two such sentences in a row differ. Wordings have the placeholders of
`claims.py`, and `{emne}`, `{den_ene}`, `{den_anden}`, `{gruppe}`.
"""

from barometer.languages.speaking import N_, _
from barometer.marks import CONFIDENTIAL, UNRELIABLE
from barometer.text import join_words, name_measure

# outcomes of what the gate closed, by its mark
WITHHELD = {CONFIDENTIAL: "closed", UNRELIABLE: "uncertain"}
# Of a number that is closed, and of a test: one of its two numbers may well be shown elsewhere.
CLOSINGS = N_(
    {
        "closed": "Tallene {sted} om »{emne}« vises ikke af hensyn til fortrolighed.",
        "uncertain": "Tallene {sted} om »{emne}« er for usikre til at blive vist.",
    }
)
# for a passage on the survey itself
UNCOUNTED = N_("Hvor mange der har svaret, vises ikke af hensyn til fortrolighed.")
INCOMPARABLE = N_(
    {
        "closed": "Tallene {sted} om »{emne}« sammenlignes ikke af hensyn til fortrolighed.",
        "uncertain": "Tallene {sted} om »{emne}« er for usikre til en sammenligning.",
    }
)

MIXED = N_(
    "Tallene {sted} om »{emne}« sammenlignes ikke, nogle fordi de er for usikre, andre af "
    "hensyn til fortrolighed."
)

# `{grund}` in a chapter's own wording: why there are no numbers, or no test of them
GROUNDS = N_(
    {
        "closed": "tallene er fortrolige",
        "uncertain": "tallene er for usikre",
        "mixed": "nogle tal er for usikre, og andre er fortrolige",
        "untested": "der er for få svar til en test",
        "empty": "der er ingen svar",
        "broken": "spørgsmålet er ændret mellem runderne",
    }
)
EMPTY = N_("Der er ingen svar {sted} om »{emne}«.")
NO_GROUP = N_(
    "Der er ingen svar {sted} fra gruppen »{gruppe}«, så den kan ikke sammenlignes, når "
    "det gælder »{emne}«."
)
NOT_ASKED = N_(
    "Gruppen »{gruppe}« blev ikke spurgt {sted}, så den kan ikke sammenlignes, når det gælder "
    "»{emne}«."
)
ONE_ASKED = N_(
    "Kun gruppen »{gruppe}« blev spurgt {sted}, så der er intet at sammenligne, når det gælder "
    "»{emne}«."
)
TOO_FEW = N_("Der er for få svar {sted} til, at en forskel kan testes for »{emne}«.")
UNVARIED = N_("Forskellen kan ikke testes, fordi svarene ikke varierer inden for strata.")
BROKEN = N_("Spørgsmålet er ændret mellem runderne, så tallene kan ikke sammenlignes.")
NO_GROUPS = N_(
    "Der er ingen svar {sted} fra de grupper, der skulle sammenlignes, når det gælder »{emne}«."
)
ONE_GROUP = N_(
    "Der er kun svar fra {gruppe} {sted}, så der er intet at sammenligne, når det gælder »{emne}«."
)
UNTESTED = N_("Fordelingen {sted} kan ikke testes for »{emne}«.")
LACKING = N_(
    "Fordelingen {sted} kan ikke testes for »{emne}«, fordi ingen i nogle af grupperne har givet "
    "nogle af svarene."
)
EVEN = N_(
    "Fordelingen {sted} kan ikke testes for »{emne}«, fordi svarene ikke varierer inden for strata."
)
# by the status of a table's test
WHY_UNTESTED = {
    "empty": EMPTY,
    "too_few": TOO_FEW,
    "singular": LACKING,
    "zero_variance": EVEN,
}
PAIR = N_("{emne} {sted}: {a} ({den_ene}) mod {b} ({den_anden}).")
ITEMS = N_("{den_ene} {sted}: {a}. {den_anden}: {b}.")
SURE, UNSURE = N_(("Forskellen er statistisk sikker.", "Det er ikke en statistisk sikker forskel."))
LEANING = N_("Tallene peger i retning af en forskel, men den er ikke signifikant.")
# Of a census: all were asked, so that what is different is so.
KNOWN = N_(
    {
        "more": "Det er en forskel.",
        "less": "Det er en forskel.",
        "same": "Der er ingen forskel i hele procent.",
    }
)
KNOWN_TABLES = N_(
    {
        "difference": "Der er forskel på {gruppe} {sted}, når det gælder »{emne}«.",
        "same": "Der er ingen forskel i hele procent på {gruppe} {sted}, når det gælder »{emne}«.",
    }
)
ENDS = {
    "more": SURE,
    "less": SURE,
    "same": UNSURE,
    "tendency_more": LEANING,
    "tendency_less": LEANING,
}
TABLES = N_(
    {
        "difference": "Forskellen på {gruppe} er statistisk sikker {sted}, når det gælder "
        "»{emne}«.",
        "same": "Vi kan ikke påvise forskel på {gruppe} {sted}, når det gælder »{emne}«.",
        "tendency": "Tallene {sted} peger i retning af en forskel på {gruppe}, når det gælder "
        "»{emne}«, men den er ikke signifikant.",
    }
)
UNDECIDED = N_("Om de to forskelle er lige store, kan testen ikke afgøre.")
ALIKE = N_("De to forskelle er lige store.")  # where all were asked
LISTED = N_(
    "Tallene {sted} peger i retning af en forskel for {tendens}, men den er ikke signifikant."
)


def word_test(test, released):
    """({outcome: wording}, {placeholder: text}) of a row of comparisons or the table's test."""
    inside = released.about.inside
    known = test.status == "complete"
    if test is released.distribution:
        labels = dict.fromkeys(map(inside, released.table["group_label"]))
        names = {"emne": name_question(released), "gruppe": join_words(labels)}
        wording, reasons = _explain_table(test, released)
        wordings = TABLES | (KNOWN_TABLES if known else {})
        wordings = {name: _(text) for name, text in wordings.items()} | {"untested": wording}
        return wordings, names | reasons
    first, second = test["first_label"], test["second_label"]
    if test.get("group") == "all":  # two items
        start, names = ITEMS, {"emne": "", "den_ene": first, "den_anden": second}
    else:
        subject = test["group_label" if "group" in test else "label"]
        start, names = (
            PAIR,
            {"emne": subject, "den_ene": inside(first), "den_anden": inside(second)},
        )
    wording, reasons = _explain_pair(test, start, released.about)
    ends = ENDS | (KNOWN if known else {})
    wordings = {outcome: f"{_(start)} {_(end)}" for outcome, end in ends.items()}
    return wordings | {"untested": wording}, names | reasons


def _explain_pair(test, start, about):
    """Why there is no test of a pair: nobody in a group, too few, or nothing that varies."""
    if test["status"] == "broken":
        return f"{start} {_(BROKEN)}", {}
    if test["status"] == "too_few":
        return _(TOO_FEW), {"emne": name_pair(test, about)}
    if test["status"] != "empty":
        return f"{_(start)} {_(UNVARIED)}", {}
    if test.get("group") == "all":
        return _(EMPTY), {"emne": name_pair(test, about)}
    if "group" in test:
        return _(NO_GROUP), {"gruppe": about.inside(test["group_label"]), "emne": test["label"]}
    missing = [name for name in ("first", "second") if test[f"n_{name}"] == 0]
    if len(missing) != 1:
        return _(NO_GROUPS), {}
    wording = NOT_ASKED if test[missing[0]] in about.unasked else NO_GROUP
    return _(wording), {"gruppe": about.inside(test[f"{missing[0]}_label"])}


def _explain_table(test, released):
    """Why there is no test of a whole table: an empty group, only one, too few, answers that some
    groups lack, no variation.
    """
    sizes = released.table.groupby("group_label", sort=False)["n"].max()
    empty, full = (
        join_words(map(released.about.inside, sizes.index[some])) if some.any() else ""
        for some in (sizes == 0, sizes != 0)
    )
    unasked = _are_unasked(released, sizes.index[sizes == 0])
    if test.status == "empty" and empty:
        wording = NOT_ASKED if unasked else NO_GROUP
        return (_(wording), {"gruppe": empty}) if full else (_(NO_GROUPS), {})
    if test.status == "one_level" and (len(sizes) == 1 or empty):
        return _(ONE_ASKED if unasked else ONE_GROUP), {"gruppe": full}
    return _(WHY_UNTESTED.get(test.status, UNTESTED)), {}


def _are_unasked(released, labels):
    """Whether there are groups with these labels, and nobody in them was put the question."""
    table, unasked = released.table, released.about.unasked
    groups = {*table.loc[table["group_label"].isin(labels), "group"]}
    return bool(groups) and groups <= unasked


def name_question(released):
    """What a whole table is about: its question, or its first item's where there are several."""
    return released.about.question.rstrip("?") or released.table["label"].iloc[0]


def name_pair(row, about):
    """What a test compares, so that two sentences without numbers do not say the same."""
    pair = f"{row['first_label']}{_(' mod ')}{about.inside(row['second_label'])}"
    if "group" not in row:
        return f"{row['label']} ({about.inside(pair)})"
    return pair if row["group"] == "all" else f"{pair} ({about.inside(row['group_label'])})"


def name_tests(tests):
    """What two tests are about: their items, or the question where a whole table is tested."""
    if any(test is released.distribution for released, test in tests):
        return name_question(tests[0][0])
    labels = [test["first_label" if "group" in test else "label"] for _, test in tests]
    return _join_labels(labels, tests[0][0].about)


SIDES = N_({"more": "oftere", "less": "sjældnere"})


def name_outcomes(tests):
    """ "Forskellen er sikker for »A« (oftere), men ikke for »B«."; "" where none is.

    `tests` = [(row of comparisons, its outcome)].
    """
    found = {}
    for row, outcome in tests:
        item = row["first_label" if "group" in row else "label"]
        found.setdefault(outcome, []).append(_("»{label}«").format(label=item))
    means = any(name_measure(row) != "share" for row, _ in tests)
    words = N_({"more": "højere", "less": "lavere"}) if means else SIDES
    sure = [f"{join_words(found[way])} ({_(word)})" for way, word in words.items() if way in found]
    if not sure:
        return ""
    known = all(row["status"] == "complete" for row, _ in tests)
    told = _("Forskellen er sikker, når det gælder {names}{others}.")
    told = _("Der er forskel, når det gælder {names}{others}.") if known else told
    same = join_words(found["same"]) if "same" in found else ""
    others = _(", men ikke {names}").format(names=same) if same else ""
    return told.format(names=join_words(sure), others=others)


def name_shares(rows, about):
    """The shares that a description cannot have, closed or of nobody; else the first."""
    held = [row["label"] for row in rows if row["status"] in (*WITHHELD, "empty")]
    return _join_labels(held or [rows[0]["label"]], about)


def _join_labels(labels, about):
    first, *others = dict.fromkeys(labels)
    return join_words([first, *map(about.inside, others)])


def give_reason(outcomes):
    """{"grund": why there are no numbers or no test}, where that is so."""
    held = [one for one in GROUNDS if one in outcomes]
    return {"grund": _(GROUNDS["mixed" if len(held) > 1 else held[0]])} if held else {}


def word_held(outcomes):
    """The wording where some are closed for one reason and some for the other; else none."""
    return {"withheld": _(MIXED)} if outcomes == {*CLOSINGS} else {}


def name_labels(outcomes, which, about):
    """The labels of those with one of these outcomes, inside a sentence; "" for none."""
    labels = [about.inside(label) for label, outcome in outcomes.items() if outcome in which]
    return join_words(labels) if labels else ""
