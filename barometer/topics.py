"""What is said where a sentence's numbers are closed or its test could not be made: which words, and about what.

The topic names what is not told closely enough that two such sentences in a row do not say the same.
"""
from barometer.numbers import join_words, lower_first
from barometer.rules import CONFIDENTIAL, UNRELIABLE

UNTESTED_WORDING = "Der er for få svar {sektor} til, at en forskel kan testes for »{emne}«."
EXACT_WORDING = (
    "{emne}: Andelene {sektor} er {a} og {b}. "
    "Når alle eller ingen i en gruppe svarer det samme, kan forskellen ikke testes."
)

WITHHELD = {CONFIDENTIAL: "closed", UNRELIABLE: "uncertain"}     # outcomes of what the gate closed, by its mark
# Of a number that is closed, and of a test: one of its two numbers may well be shown elsewhere.
CLOSINGS = {"closed": "Tallene {sektor} om »{emne}« vises ikke af hensyn til fortrolighed.",
            "uncertain": "Tallene {sektor} om »{emne}« er for usikre til at blive vist."}
INCOMPARABLE = {"closed": "Tallene {sektor} om »{emne}« sammenlignes ikke af hensyn til fortrolighed.",
                "uncertain": "Tallene {sektor} om »{emne}« er for usikre til en sammenligning."}

MIXED = ("Tallene {sektor} om »{emne}« sammenlignes ikke, nogle fordi de er for usikre, andre af hensyn til "
         "fortrolighed.")


def choose_untested(numbers, topic):
    """Why there is no test: a share of 0 or 100 per cent, which is shown, or too few respondents."""
    if numbers.get("a", ("",) * 4)[2] != "exact":
        return UNTESTED_WORDING, {"emne": topic}
    return EXACT_WORDING, {"emne": topic, "a": numbers["a"], "b": numbers["b"]}


def name_question(released):
    """What a whole table is about: its question, or its first item where several questions lie behind it."""
    return released.about.question.rstrip("?") or released.table["label"].iloc[0]


def name_pair(row):
    """What a test compares, so that two sentences that cannot tell theirs do not say the same."""
    pair = f"{row['first_label']} mod {lower_first(row['second_label'])}"
    if "group" not in row:
        return f"{row['label']} ({lower_first(pair)})"
    return pair if row["group"] == "all" else f"{pair} ({lower_first(row['group_label'])})"


def name_tests(tests):
    """What two tests are about: their items, or the question where a whole table is tested."""
    if any(test is released.distribution for released, test in tests):
        return name_question(tests[0][0])
    return _join_labels(test["first_label"] if "group" in test else test["label"] for _, test in tests)


def name_shares(rows):
    """The shares that a description cannot tell: those closed; the first where all are open."""
    return _join_labels([row["label"] for row in rows if row["status"] in WITHHELD] or [rows[0]["label"]])


def _join_labels(labels):
    first, *others = dict.fromkeys(labels)
    return join_words([first, *map(lower_first, others)])
