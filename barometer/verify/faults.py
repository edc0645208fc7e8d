"""What a page lacks of its trace, and what it has that is not accounted for: a line per fault."""

import re
from collections import Counter, defaultdict

from barometer.verify import typed
from barometer.verify.pages import squeeze

REMEDY = (
    f"Skriv det som en sætning, der testes, eller før det på listen {typed.ALLOWED} med slags og "
    "grund."
)


def find_lost_rows(texts, rows):
    """A line for each number that stands fewer times in its place than it has rows."""
    there = {place: typed.count_numbers(text) for place, text in texts.items()}
    needed = Counter(
        (row["place"], number) for row in rows for number in typed.count_numbers(row["shown"])
    )
    remedy = "Er tallet rettet i hånden, så ret det tilbage; ellers lav rapporten på ny."
    lines = []
    for (place, number), rows_of in needed.items():
        if (found := there.get(place, {}).get(number, 0)) < rows_of:
            lost = f"»{number}« har {rows_of} rækker i sporet, men står her {found} gange"
            lines.append(f"{name_place(place)}: {lost}. {remedy}")
    return lines


def find_lost_flags(texts, rows):
    """A line for each number in a table or note, where flags are explained, without its flag."""
    lines = []
    for row in rows:
        if row.get("flag") and row["part"] in ("table", "note"):
            form = rf"{re.escape(row['shown'])}(?:\s\([^()]+\))?\s{re.escape(row['flag'])}"
            form = form.replace("\u00a0", r"\s").replace(r"\ ", r"\s")
            if not re.search(form, texts.get(row["place"], "")):
                lost = f"»{row['shown']}« mangler sit mærke {row['flag']}"
                lines.append(f"{name_place(row['place'])}: {lost}. Lav rapporten på ny.")
    return lines


def find_lost_sentences(passages, sentences):
    """A line for each sentence that is not on the page."""
    texts, lines = defaultdict(str), []
    for passage in passages:
        texts[passage.where if passage.part == "text" else passage.part] += f" {passage.text}"
    texts = {key: squeeze(text) for key, text in texts.items()}
    for name, sentence in sentences.items():
        # a figure's title may be the sentence
        own = texts.get(f"saetning-{name}") or texts.get("title", "")
        if squeeze(sentence) not in own:
            lines.append(describe_lost(name, "på siden", sentence))
    return lines


def join_texts(pairs):
    """{key: text} of (key, text) pairs, each text on a line of its own with plain spaces."""
    texts = defaultdict(list)
    for key, text in pairs:
        texts[key].append(" ".join(text.split()))
    return {key: "\n".join(parts) for key, parts in texts.items()}


def name_place(place):
    return " ".join(filter(None, place)) or "uden for kapitlerne"


def find_faults(passage, known, forms):
    where = f"side {passage.page}" if passage.page else name_place(passage.place)
    return [
        f"{where}: »{number}« er der ikke gjort rede for i »…{around}…«. {REMEDY}"
        for number, around in typed.find_unexplained(passage.text, known, forms)
    ]


def describe_lost(name, place, sentence):
    lost = f"sætningen {name} står i claims.csv, men ikke {place}"
    return f"{lost}: »{sentence}«. Lav rapporten på ny."
