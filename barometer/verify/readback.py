"""Names each number of finished reports that nothing accounts for: `python -m barometer verify`.

A number in a sentence, figure or table must be in that element's own rows of `numbers.csv`; one in
running text must be on the typed list. The other way round, every row and every sentence of the
trace must be found on the page.
"""

import csv
import json
import re
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from pypdfium2 import PdfiumError

from barometer import paths
from barometer.forms import STATISTICS
from barometer.languages.speaking import _, other_languages, own_language, speak
from barometer.paths import FILES
from barometer.payloads import MIME
from barometer.statistics.estimates import CONFIDENCE
from barometer.text import write_number
from barometer.verify import typed
from barometer.verify.certificate import describe_proof
from barometer.verify.faults import (
    describe_lost,
    find_faults,
    find_lost_flags,
    find_lost_rows,
    find_lost_sentences,
    join_texts,
)
from barometer.verify.pages import PHONE, is_told, list_exhibits, read_html, read_pdf, squeeze
from barometer.verify.typed import is_part

# what the name of a sentence's element begins with, by the part of a row of the trace
IN_FRONT = {"basis": "grundlag", "summary": "kort", "head": "hoved"}
FRONT = "index.html"
CONTENTS = re.compile(r"(?<=[\s\u2060])\d{1,3}$", re.M)
NOTE_MARK = re.compile(r"(?<=\w[.,:;?!»)])\d{1,2}(?=\s|$)|^\d{1,2}[A-ZÆØÅ]\w*", re.M)


@dataclass(frozen=True)
class Trace:
    """What a report's folder has on its numbers and sentences.

    `rows` are of `numbers.csv` and `grounds` of the numbers in `claims.csv`, each with its `place`
    on the web page; `sentences` = {id: text}. `names`: patterns of an id of the register, of an
    exhibit's label and of what reports are called. `exhibits`: the ids of exhibits. `words`: texts
    of the registry with a number in them.
    """

    chapters: list
    rows: list
    grounds: list
    sentences: dict
    names: tuple
    words: tuple = ()
    exhibits: tuple = ()

    @property
    def forms(self):
        """Patterns of what needs no row, wherever it stands."""
        return [*self.names, *map(typed.match_registered, self.words)]


def check_reports(folders, allowed):
    """(how many numbers were read, a line per fault) of finished report folders.

    `allowed`: see `typed.read_allowed`. What is on it and in no report is a fault once each
    sector's report is read.
    """
    found = {folder.name: check_report(folder, allowed) for folder in folders}
    faults = [fault for _, faults, _ in found.values() for fault in faults]
    stale = typed.name_stale({name: unused for name, (_, _, unused) in found.items()})
    return sum(count for count, _, _ in found.values()), faults + stale


def check_report(folder, allowed):
    """The same of one report; and which of `allowed` is not in it, as [kind, words]."""
    count, faults, texts, trace = 0, [], [], read_trace(folder)
    for kind, check in (("html", check_html), ("pdf", check_pdf)):
        if not (path := folder / FILES[kind]).exists():
            continue
        try:
            page = path.read_text(encoding="utf-8") if kind == "html" else None
            passages = (
                read_pdf(path) if page is None else read_html(page, trace.chapters, trace.exhibits)
            )
        except PdfiumError:
            passages = []
        lost = ["filen kan ikke læses. Lav rapporten på ny."]
        found = check(passages, trace, allowed) if passages else lost
        faults += [f"{folder.name}/{path.name}, {fault}" for fault in found]
        count += sum(len(typed.find_numbers(passage.text)) for passage in passages)
        texts += [(passage.chapter[:2], passage.text) for passage in passages]
    unused = typed.find_stale(join_texts(texts), allowed)
    return count, faults, [[entry["kind"], entry["words"]] for entry in unused]


def read_trace(folder):
    """The trace of a finished report."""
    claims, rows = (_read_table(folder / name) for name in ("claims.csv", "numbers.csv"))
    rows = [row for row in rows if row["where"] != typed.OWN]  # `check_bank` looks for those
    sentences = {claim["id"]: claim["sentence"] for claim in claims}
    chapters = sorted((folder / "chapters").glob("*.ipynb"))
    payloads = [payload for path in chapters for payload in _read_payloads(path)]
    ids, labels = list_exhibits(payloads)
    names = [re.escape(name) for name in sorted({*sentences} - {""})]
    for row in rows:
        row |= {"place": _find_place(row, sentences, ids), "shown": typed.add_unit(row)}
    return Trace(
        chapters=[path.stem for path in chapters],
        words=tuple(dict.fromkeys(word for one in payloads for word in one.get("words", ()))),
        rows=rows,
        # what says nothing, as its neighbour does, is in the register alone
        grounds=[row for one in claims if one["sentence"] for row in typed.describe_grounds(one)]
        + _count(rows),
        sentences=sentences,
        exhibits=ids,
        names=(
            *(re.compile(typed.ALONE.format("|".join(one) or "(?!)")) for one in (names, labels)),
            *match_reports(folder.parent),
        ),
    )


def check_html(passages, trace, allowed):
    """Faults of a web page: its passages have their elements, its grounds are the register's."""
    known, forms, faults, own = defaultdict(set), defaultdict(list), [], trace.forms
    for row in (*trace.rows, *trace.grounds):
        known[row["place"]] |= typed.spell_rows([row])
        # at a mark that is pointed at stand a number, its interval and its n
        known[row["place"][0], PHONE] |= typed.spell_rows([row])
        known[row["place"][0], "marks"] |= typed.spell_marks([row])
    for entry in allowed:
        forms[entry["chapter"]].append(entry["form"])
    # When something was may stand in running text only: a sentence on data has it from the
    # registry.
    lasting = [one for one in allowed if not one["chapter"] and one["kind"] not in typed.TIMES]
    for passage in passages:
        if passage.where:
            fitting = [*own, *(entry["form"] for entry in lasting)]
        elif passage.chapter:
            fitting = [*own, *forms[""], *forms[passage.chapter[:2]]]
        else:  # a footnote stands below all chapters, not in its own
            fitting = [*own, *(entry["form"] for entry in allowed)]
        if passage.part not in ("picture", PHONE) or not is_part(passage.text, trace.words):
            faults += find_faults(passage, known[passage.place], fitting)
    texts = join_texts((passage.place, passage.text) for passage in passages)
    drawn = [row | {"place": (row["place"][0], PHONE)} for row in trace.rows]
    drawn = [row for row in drawn if row["part"] == "picture" and row["place"] in texts]
    lost = [
        one for rows in (drawn, trace.rows, trace.grounds) for one in find_lost_rows(texts, rows)
    ]
    lost += find_lost_flags(texts, trace.rows)
    return faults + lost + find_lost_sentences(passages, trace.sentences)


def check_pdf(passages, trace, allowed):
    """Faults of a PDF. It has no elements: a number is held against all the report's rows."""
    # the grounds stand in the web page only
    rows = [row | {"place": ("", "")} for row in trace.rows if row["part"] != "basis"]
    known, faults = typed.spell_rows(rows), []
    forms = [*(entry["form"] for entry in allowed), *trace.forms, NOTE_MARK]
    for passage in passages:
        faults += find_faults(passage, known, [*forms, *_list_page_forms(passage)])
    pages = [squeeze(passage.text) for passage in passages if passage.page]
    lost = [
        describe_lost(name, "i rapporten", sentence)
        for name, sentence in trace.sentences.items()
        if not is_told(pages, squeeze(sentence))
    ]
    texts = join_texts((("", ""), passage.text) for passage in passages)
    return faults + lost + find_lost_rows(texts, rows) + find_lost_flags(texts, rows)


def check_front(output, folders, allowed):
    """Faults of the front page of these reports: a finding has its report's numbers, and each of
    them; all else what may be typed anywhere.
    """
    if not (page := output / FRONT).exists():
        return []
    rows = defaultdict(list)
    for folder in folders:
        for row in (one for one in _read_table(folder / "numbers.csv") if one["part"] == "summary"):
            place = f"{folder.name}-kort-{row['where']}"
            rows[place].append(row | {"place": (place, "text")})
    forms = [entry["form"] for entry in allowed if not entry["chapter"]]
    forms += match_reports(output)
    passages = read_html(page.read_text(encoding="utf-8"), exhibits=tuple(rows))
    texts = join_texts((passage.place, passage.text) for passage in passages)
    faults = find_lost_rows(texts, [row for some in rows.values() for row in some])
    for passage in passages:
        faults += find_faults(passage, typed.spell_rows(rows.get(passage.where, ())), forms)
    return [f"{FRONT}, {fault}" for fault in faults]


def check_bank(output, folders, allowed):
    """Faults of the statistics bank of these reports: each row has the numbers of one row of
    `numbers.csv` and no others, and what stands around them may be typed or is the registry's.
    """
    if not (page := output / typed.BANK).exists():
        return []
    rows, words = defaultdict(list), {write_number(CONFIDENCE, "percent")}
    for folder in folders:
        for row in _read_table(folder / "numbers.csv"):
            rows[typed.name_element(folder.name, row["where"], row["item"], row["group"])].append(
                row
            )
            words |= {row[name] for name in ("question", "label", "group_label", "base")}
    numbered = sorted(one for one in words if any(map(str.isdigit, one)))
    forms = [entry["form"] for entry in allowed] + [*map(typed.match_registered, numbered)]
    faults = []
    for passage in read_html(page.read_text(encoding="utf-8"), exhibits=tuple(rows)):
        known = typed.spell_cells(rows.get(passage.where, ()))
        faults += find_faults(passage, known, forms)
    return [f"{typed.BANK}, {fault}" for fault in faults]


def main(arguments):
    """Check every report of a folder (default: outputs/). Returns the exit code."""
    output = Path(arguments[0]) if arguments else paths.OUTPUTS
    language = output.name if output.name in other_languages() else own_language()
    with speak(language):
        return _check_folder(output)


def _check_folder(output):
    folders = sorted(path.parent for path in output.glob("*/numbers.csv"))
    allowed = typed.read_allowed()
    count, faults = check_reports(folders, allowed)
    faults += check_front(output, folders, allowed) + check_bank(output, folders, allowed)
    faults = (
        faults
        if folders
        else [f"Der er ingen rapporter i {output}. Lav dem med python -m barometer run."]
    )
    good = f"{len(folders)} rapporter er læst tilbage. Der er gjort rede for alle {count} tal."
    proved, unproved = describe_proof(output) if folders else ([], [])
    sys.stdout.write("\n".join([*(faults or [good]), *proved, *unproved]) + "\n")
    return 1 if faults or unproved else 0


def match_reports(output):
    """Patterns of what the reports of a folder are called, as its run recorded it: a name may have
    the number of a chapter or of a part ("kapitel 02", "10-49 ansatte").
    """
    try:
        run = json.loads((output / "run.json").read_text(encoding="utf-8"))
        every = [*run["reports"], *run["earlier"]]
        labels = {one.get("part_label") or one["sector_label"] for one in every}  # as before
    except (OSError, ValueError, KeyError, TypeError):  # a report without its run
        return []
    return [typed.match_words(one) for one in sorted(labels) if any(map(str.isdigit, one))]


def _read_table(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _read_payloads(path):
    """What the outputs of an executed notebook say for the report, output by output."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    outputs = [output.get("data", {}) for cell in cells for output in cell.get("outputs", ())]
    found = [data[MIME] for data in outputs if MIME in data]
    return [json.loads(payload) if isinstance(payload, str) else payload for payload in found]


def _find_place(row, sentences, ids):
    """Where on a web page a row's number stands: in its element, or in running text."""
    if row["where"] in ids:
        return row["where"], row["part"]
    if head := IN_FRONT.get(row["part"]):
        return f"{head}-{row['where']}", "text"
    if row["where"] in sentences:
        return f"saetning-{row['where']}", row["part"]
    return row["chapter"], ""


def _count(rows):
    """Rows on how many answered: it stands beside the shares that a sentence rests on, once where
    it is the same of several.
    """
    found = {
        (row["place"], row["n"])
        for row in rows
        if row["part"] == "basis" and row["kind"] in ("share", *STATISTICS, "round") and row["n"]
    }
    return [{"place": place, "shown": write_number(int(n), "count")} for place, n in sorted(found)]


def _list_page_forms(passage):
    """What a page may show beside the report's text: its number, and in the contents others'."""
    own = [re.compile(rf"\b{passage.page}\s*\Z"), re.compile(rf"\b{_('side')}\s\d{{1,3}}\b")]
    # the typesetter puts U+2060 before the page numbers of its contents
    return [*own, CONTENTS] if "\u2060" in passage.text else own
