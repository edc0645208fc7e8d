"""What several reports bring (`collecting.py`) → the bank as one page, `statbank.html`."""

import base64
from hashlib import sha256
from pathlib import Path

from markupsafe import Markup

from barometer.data.domains import WHOLE, is_negated
from barometer.exports.tables import describe_data
from barometer.files.writing import write_text
from barometer.forms import FORMS
from barometer.languages.speaking import N_, _
from barometer.marks import EXPLAINED, FLAGS, MARKS
from barometer.paths import FILES, TEMPLATES
from barometer.report.html import FRONT, complete_meta, render_page
from barometer.text import format_count
from barometer.verify.typed import BANK, name_element

# what the page's script says; placeholders are filled there
WORDS = N_(
    {
        "found": "{n} spørgsmål fundet",
        "found_one": "Ét spørgsmål fundet",
        "none": "Intet fundet. Prøv et kortere ord.",
        "passed": "af andel at de den der det en er et for fra har hos hvad hvilke hvor hvordan "
        "i kan man mange med når og om procent på som stor til var",
        "most": "Intet har alle ordene. Spørgsmål, der har de fleste af dem: {n}",
        "rows": "Rækker vist: {n}",
        "copied": "Linket er kopieret",
        "link": "Kopiér linket i adresselinjen",
        "many": "Vælg færre svar eller grupper for at få en tegning: den har plads til {n} rækker.",
        "untested": "ikke prøvet",
        "missing": "ikke i banken",
        "chart": "Søjler over de {n} tal i tabellen ovenfor, med sikkerhedsintervaller",
        "same": "{shown} svarede det samme ({part}; interval {low}–{high}, n = {n})",
        "same_closed": "Hvor mange der svarede det samme, vises ikke ({part})",
        "question": "Spørgsmål",
        "answer": "Svar",
        "part": "Del",
        "group": "Gruppe",
        "base": "Spurgt",
        "value": "Andel i pct.",
        "low": "Nedre grænse",
        "high": "Øvre grænse",
        "mark": "Mærke",
        "source": "Kilde",
        "verdict": "Test",
        "neither": "Intet af disse",
    }
)
NAME = "statbank.js"
OTHERS = ""  # the question of what is made of the answers to several


def write_bank(output, records, data, meta=None):
    """Write the bank of the reports that lie in `output`: {folder: its record}, in order; of those
    over the same `data` (checksums). Returns the names of the files: none where there is nothing.
    """
    alike = {name: one["told"] for name, one in records.items() if one.get("data") == data}
    banks = {name: one["bank"] for name, one in alike.items() if "bank" in one}
    if not meta or not any(one["cells"] for one in banks.values()):
        (output / BANK).unlink(missing_ok=True)
        return []
    write_text(output / BANK, render_bank(banks, meta))
    return [BANK]


def render_bank(banks, meta):
    """The page. `banks`: {a report's folder: what it brings}; `meta`: any of the documents'."""
    meta, script = complete_meta(meta), (TEMPLATES / NAME).read_text(encoding="utf-8")
    digest = base64.b64encode(sha256(script.encode()).digest()).decode()
    return render_page(
        "statbank",
        meta,
        _("{title}: statistikbank").format(title=meta["title"]),
        Markup((TEMPLATES / "statbank.css").read_text(encoding="utf-8")),
        home=Path(FRONT).name,
        policy=Markup(f"script-src 'sha256-{digest}'; "),
        script=Markup(script),
        words={name: _(text) for name, text in WORDS.items()},
        about=describe_data(meta),
        level=next(iter(banks.values()))["level"],
        questions=join_banks(banks),
        marks=[[mark, _((MARKS | EXPLAINED | FLAGS)[mark])] for mark in (*MARKS, *FLAGS)],
        whole=WHOLE,
    )


def join_banks(banks):
    """The questions of all reports together, in the questionnaire's order, as the template has
    them. A cell of several reports leads to the one on its own part.
    """
    parts, kinds, groups, questions, answers, cells, tests = {}, {}, {}, {}, {}, {}, {}
    for name, bank in banks.items():
        parts, groups = parts | bank["parts"], groups | bank["groups"]
        kinds |= bank["kinds"]
        questions |= bank["questions"]
        answers |= {(item, statistic): one for item, statistic, one in bank["answers"]}
        for *key, one in bank["cells"]:
            key, own = tuple(key), bank["part"] == key[1]
            if key not in cells or (own and not cells[key]["own"]):
                cells[key] = one | {"report": name, "own": own}
        for *key, one in bank["tests"]:
            tests.setdefault(tuple(key), one | {"report": name})
    ranked = {part: (is_negated(part), at) for at, part in enumerate(_order_parts(parts, banks))}
    groups = {WHOLE: groups.get(WHOLE, "")} | groups
    # what is made of several questions stands last
    order = sorted(questions, key=lambda one: (one == OTHERS, [*questions].index(one)))
    own = {bank["part"] for bank in banks.values()}
    open_at_first = {part for part in parts if part in own or not kinds[part]}
    joined = (parts, groups, ranked, answers, cells, tests)
    described = [_describe_question(id, questions[id], *joined) for id in order]
    for one in described:
        one["parts"] = _sort_parts(one["parts"], kinds, open_at_first)
    return described


def _sort_parts(used, kinds, open_at_first):
    """[(what parts of a kind are called, [(part, its words, whether it is shown at first), …]), …]
    of a question's [(part, its words), …].
    """
    found = {}
    for part, words in used:
        found.setdefault(kinds[part], []).append((part, words, part in open_at_first))
    return [*found.items()]


def _order_parts(parts, banks):
    """The whole, then parts in the order of their reports, then others."""
    own = [bank["part"] for bank in banks.values()]
    return dict.fromkeys([WHOLE, *own, *parts])


def _describe_question(id, question, parts, groups, ranked, answers, cells, tests):
    own = {key: one for key, one in answers.items() if one["question"] == id}
    own = dict(sorted(own.items(), key=lambda pair: pair[1]["order"]))
    rows = {key: [] for key in own}
    place = {group: at for at, group in enumerate(groups)}
    for key in sorted(cells, key=lambda one: (place[one[2]], ranked[one[1]])):
        item, part, group, statistic = key
        if (item, statistic) in own:
            rows[item, statistic].append(_describe_row(cells[key], part, group, parts, groups))
    used = [row for some in rows.values() for row in some]
    tested = [
        _describe_test(key, one, own, parts, groups)
        for key, one in tests.items()
        if (key[0], key[3]) in own and _has_both(key, cells)
    ]
    bases = list(dict.fromkeys(one["base"] for one in own.values()))
    return {
        "id": f"sp-{id or 'flere'}",
        **question,
        "base": bases[0] if len(bases) == 1 else "",
        "answers": [
            {
                **one,
                "item": ".".join(filter(None, key)),
                "rows": rows[key],
                "several": len(bases) > 1,
            }
            for key, one in own.items()
        ],
        "parts": _list_used(used, "part", parts, sorted(parts, key=ranked.get)),
        "groups": _tick_whole(_list_used(used, "group", groups, groups)),
        "tests": tested,
        "key": [
            mark
            for mark in (*MARKS, *FLAGS)
            if any(mark in f"{row['shown']} {row['flag']}" for row in used)
        ],
    }


def _has_both(key, cells):
    """Whether both shares of a test are there: reports of some parts alone lack those of others."""
    item, part, group, statistic, *other = key
    return (item, part, group, statistic) in cells and (item, *other, statistic) in cells


def _list_used(rows, name, labels, order):
    used = {row[name] for row in rows}
    return [[one, labels[one]] for one in order if one in used]


def _tick_whole(groups):
    return [(one, words, one == WHOLE or len(groups) == 1) for one, words in groups]


def _describe_row(cell, part, group, parts, groups):
    low, high = cell["ends"]
    named = parts[part]
    if group != WHOLE:
        named = groups[group] if part == WHOLE else f"{groups[group]} ({parts[part]})"
    limits = [cell[end].removesuffix("%").rstrip() for end in ("low", "high")]
    unit = _(FORMS["percent"][2]) if cell["shown"].endswith("%") else ""
    return {
        **{name: cell[name] for name in ("shown", "flag", "value")},
        "id": name_element(cell["report"], *cell["source"]),
        "part": part,
        "group": group,
        "label": named,
        "low": low,
        "high": high,
        "interval": f"{'–'.join(limits)}{unit}" if cell["low"] else "",
        "n": format_count(int(cell["n"])) if cell["n"] else "",
        "count": cell["n"],
        **_lead(cell),
    }


def _lead(one):
    """Where a number leads; nowhere where it is in the bank alone."""
    anchor, words = one["place"] or ("", "")
    return {"link": f"{one['report']}/{FILES['html']}#{anchor}" if words else "", "place": words}


def _describe_test(key, test, answers, parts, groups):
    item, part, group, statistic, *other = key
    names = []
    for one, of in ((part, group), other):
        label = parts[one] if of == WHOLE else groups[of]
        names.append(label if of == WHOLE or one == WHOLE else f"{label} ({parts[one]})")
    return {
        **{name: test[name] for name in ("shown", "p", "verdict")},
        "id": name_element(test["report"], *test["source"]) if test["source"] else "",
        "item": ".".join(filter(None, (item, statistic))),
        "answer": answers[item, statistic]["label"],
        "first": f"{part}|{group}",
        "second": "|".join(other),
        "names": names,
        "interval": f"{test['low']} {_('til')} {test['high']}" if test["low"] else "",
        **_lead(test),
    }
