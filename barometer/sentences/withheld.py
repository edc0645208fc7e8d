"""The wordings where none of the chapter's fits: why numbers are not shown, why there is no test,
and what several tests found, each for itself.

The topic is so close that two such sentences in a row differ. Wordings have the placeholders of
`claims.py`, and `{emne}`, `{den_ene}`, `{den_anden}`, `{gruppe}`.
"""

from barometer.marks import CONFIDENTIAL, UNRELIABLE
from barometer.text import join_words

# outcomes of what the gate closed, by its mark
WITHHELD = {CONFIDENTIAL: "closed", UNRELIABLE: "uncertain"}
# Of a number that is closed, and of a test: one of its two numbers may well be shown elsewhere.
CLOSINGS = {
    "closed": "Tallene {sektor} om »{emne}« vises ikke af hensyn til fortrolighed.",
    "uncertain": "Tallene {sektor} om »{emne}« er for usikre til at blive vist.",
}
# for a passage on the survey itself
UNCOUNTED = "Hvor mange der har svaret, vises ikke af hensyn til fortrolighed."
INCOMPARABLE = {
    "closed": "Tallene {sektor} om »{emne}« sammenlignes ikke af hensyn til fortrolighed.",
    "uncertain": "Tallene {sektor} om »{emne}« er for usikre til en sammenligning.",
}

MIXED = (
    "Tallene {sektor} om »{emne}« sammenlignes ikke, nogle fordi de er for usikre, andre af "
    "hensyn til fortrolighed."
)

EMPTY = "Der er ingen svar {sektor} om »{emne}«."
NO_GROUP = (
    "Der er ingen svar {sektor} fra gruppen »{gruppe}«, så den kan ikke sammenlignes, når "
    "det gælder »{emne}«."
)
TOO_FEW = "Der er for få svar {sektor} til, at en forskel kan testes for »{emne}«."
UNVARIED = "Forskellen kan ikke testes, fordi svarene ikke varierer inden for strata."
NO_GROUPS = (
    "Der er ingen svar {sektor} fra de grupper, der skulle sammenlignes, når det gælder »{emne}«."
)
ONE_GROUP = (
    "Der er kun svar fra {gruppe} {sektor}, så der er intet at sammenligne, når det "
    "gælder »{emne}«."
)
UNTESTED = "Fordelingen {sektor} kan ikke testes for »{emne}«."

PAIR = "{emne} {sektor}: {a} ({den_ene}) mod {b} ({den_anden})."
ITEMS = "{den_ene} {sektor}: {a}. {den_anden}: {b}."
SURE, UNSURE = "Forskellen er statistisk sikker.", "Det er ikke en statistisk sikker forskel."
LEANING = "Tallene peger i retning af en forskel, men den er ikke signifikant."
# Of a census: all were asked, so that what is different is so.
KNOWN = {
    "more": "Det er en forskel.",
    "less": "Det er en forskel.",
    "same": "Der er ingen forskel i hele procent.",
}
KNOWN_TABLES = {
    "difference": "Der er forskel på {gruppe} {sektor}, når det gælder »{emne}«.",
    "same": "Der er ingen forskel i hele procent på {gruppe} {sektor}, når det gælder »{emne}«.",
}
ENDS = {
    "more": SURE,
    "less": SURE,
    "same": UNSURE,
    "tendency_more": LEANING,
    "tendency_less": LEANING,
}
TABLES = {
    "difference": "Forskellen på {gruppe} er statistisk sikker {sektor}, når det gælder »{emne}«.",
    "same": "Vi kan ikke påvise forskel på {gruppe} {sektor}, når det gælder »{emne}«.",
    "tendency": "Tallene {sektor} peger i retning af en forskel på {gruppe}, når det gælder "
    "»{emne}«, men den er "
    "ikke signifikant.",
}
UNDECIDED = "Om de to forskelle er lige store, kan testen ikke afgøre."
ALIKE = "De to forskelle er lige store."  # where all were asked
LISTED = (
    "Tallene {sektor} peger i retning af en forskel for {tendens}, men den er ikke signifikant."
)


def word_test(test, released):
    """({outcome: wording}, {placeholder: text}) of a row of comparisons or the table's test."""
    inside = released.about.inside
    if test is released.distribution:
        labels = join_words(
            dict.fromkeys(map(released.about.inside, released.table["group_label"]))
        )
        wording, told = _explain_table(test, released)
        wordings = (
            TABLES | (KNOWN_TABLES if test.status == "complete" else {}) | {"untested": wording}
        )
        return wordings, {"emne": name_question(released), "gruppe": labels} | told
    names = {
        "emne": test["label"],
        "den_ene": inside(test["first_label"]),
        "den_anden": inside(test["second_label"]),
    }
    start = PAIR
    if "group" in test:
        start, names["emne"] = (
            (ITEMS, "") if test["group"] == "all" else (PAIR, test["group_label"])
        )
        names["den_ene"] = test["first_label"] if start == ITEMS else names["den_ene"]
        names["den_anden"] = test["second_label"] if start == ITEMS else names["den_anden"]
    wording, told = _explain_pair(test, start, released.about)
    ends = ENDS | (KNOWN if test["status"] == "complete" else {})
    return {outcome: f"{start} {end}" for outcome, end in ends.items()} | {
        "untested": wording
    }, names | told


def _explain_pair(test, start, about):
    """Why there is no test of a pair: nobody in a group, too few, or nothing that varies."""
    inside = about.inside
    if test["status"] == "empty":
        missing = [test[f"{name}_label"] for name in ("first", "second") if test[f"n_{name}"] == 0]
        if "group" in test:
            if test["group"] == "all":
                return (EMPTY, {"emne": name_pair(test, about)})
            return (
                NO_GROUP,
                {"gruppe": about.inside(test["group_label"]), "emne": test["label"]},
            )
        return (NO_GROUP, {"gruppe": inside(missing[0])}) if len(missing) == 1 else (NO_GROUPS, {})
    if test["status"] == "too_few":
        return (TOO_FEW, {"emne": name_pair(test, about)})
    return (f"{start} {UNVARIED}", {})


def _explain_table(test, released):
    """Why there is no test of a whole table: an empty group, only one, too few, no variation."""
    sizes = released.table.groupby("group_label", sort=False)["n"].max()
    empty, full = (
        join_words(map(released.about.inside, sizes.index[some])) if some.any() else ""
        for some in (sizes == 0, sizes != 0)
    )
    if test.status == "empty" and empty:
        return (NO_GROUP, {"gruppe": empty}) if full else (NO_GROUPS, {})
    if test.status == "one_level" and (len(sizes) == 1 or empty):
        return ONE_GROUP, {"gruppe": full}
    return {"empty": EMPTY, "too_few": TOO_FEW}.get(test.status, UNTESTED), {}


def name_question(released):
    """What a whole table is about: its question, or its first item's where there are several."""
    return released.about.question.rstrip("?") or released.table["label"].iloc[0]


def name_pair(row, about):
    """What a test compares, so that two sentences that cannot tell theirs do not say the same."""
    pair = f"{row['first_label']} mod {about.inside(row['second_label'])}"
    if "group" not in row:
        return f"{row['label']} ({about.inside(pair)})"
    return pair if row["group"] == "all" else f"{pair} ({about.inside(row['group_label'])})"


def name_tests(tests):
    """What two tests are about: their items, or the question where a whole table is tested."""
    if any(test is released.distribution for released, test in tests):
        return name_question(tests[0][0])
    return _join_labels(
        (test["first_label"] if "group" in test else test["label"] for _, test in tests),
        tests[0][0].about,
    )


def name_outcomes(tests):
    """ "Forskellen er sikker for »A« (oftere), men ikke for »B«."; "" where none is.

    `tests` = [(row of comparisons, its outcome)].
    """
    found = {
        word: [_name_item(row) for row, outcome in tests if outcome == wanted]
        for wanted, word in (("more", "oftere"), ("less", "sjældnere"))
    }
    sure = (
        join_words(f"{join_words(labels)} ({word})" for word, labels in found.items() if labels)
        if any(found.values())
        else ""
    )
    known = all(row["status"] == "complete" for row, _ in tests)
    same = [_name_item(row) for row, outcome in tests if outcome == "same"]
    start = "Der er forskel, når det gælder" if known else "Forskellen er sikker, når det gælder"
    return f"{start} {sure}{f', men ikke {join_words(same)}' if same else ''}." if sure else ""


def _name_item(row):
    return f"»{row['first_label'] if 'group' in row else row['label']}«"


def name_shares(rows, about):
    """The shares that a description cannot tell, closed or of nobody; else the first."""
    return _join_labels(
        [row["label"] for row in rows if row["status"] in (*WITHHELD, "empty")]
        or [rows[0]["label"]],
        about,
    )


def _join_labels(labels, about):
    first, *others = dict.fromkeys(labels)
    return join_words([first, *map(about.inside, others)])
