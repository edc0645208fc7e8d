"""A project of its own, from nothing: another country's survey, of libraries, with its sectors,
dimension, questions and words, two chapters, front matter and typed numbers.

`make_project(folder)` writes it, unsealed, and returns the folder. Nothing of it is taken from the
project in this repository.
"""

import csv
import io
import textwrap

import nbformat
from nbformat import v4

REGISTRY = """
title: Biblioteksmålingen
round: 1
period: 2023-2024
fieldwork: maj og juni 2024
language: da
respondents:
  {one: bibliotek, many: biblioteker, the_one: biblioteket, the_many: bibliotekerne, all: norske biblioteker}
whole: {name: Hele landet, as_one: landet som helhed, rest: resten af landet, rest_name: Resten af landet, part: denne del af landet}
measure: {variable: digital, of: af biblioteker med digitale udlån, none: alle eller ingen har digitale udlån}
domains: [setting]
background:
  sector:
    text: Fylke
    answers:
      north: {label: Nordland, place: i Nordland, proper: true}
      west: {label: Vestland, place: i Vestland, proper: true}
      east: {label: Østfold, place: i Østfold, proper: true}
  setting:
    text: Beliggenhed
    answers:
      town: {label: By, name: Byerne, place: i byerne}
      country: {label: Land, name: Landet uden for byerne, place: uden for byerne}
groupings:
  lending: {digital: Digitale udlån, not_digital: Kun trykte}
questions:
  service:
    text: Hvad tilbyder biblioteket?
    kind: multiple
    asked: all
    items: {ebooks: Lydbøger og e-bøger, films: Film, events: Arrangementer, homework: Lektiehjælp, other: Andet}
    residual: [other]
  hours:
    text: Er åbningstiden ændret i {periode}?
    kind: single
    asked: all
    answers: {more: Den er længere, same: Den er den samme, fewer: Den er kortere, dont_know: Ved ikke}
    residual: [dont_know]
  staffed:
    text: Får lånerne vejledning i de digitale udlån?
    kind: single
    asked: digital
    answers: {"yes": Ja, "no": Nej}
  view:
    text: Hvor enig er biblioteket i følgende udsagn?
    kind: battery
    asked: all
    items: {users: Lånerne er med til at bestemme, funding: Der er penge nok, space: Der er plads nok}
    answers:
      disagree: Helt uenig
      disagree_partly: Delvist uenig
      neither: Hverken enig eller uenig
      agree_partly: Delvist enig
      agree: Helt enig
      dont_know: Ved ikke
    residual: [dont_know]
    sides: {uenige: [disagree, disagree_partly], enige: [agree_partly, agree]}
derived:
  digital: {label: Digitale udlån, base_text: biblioteker med digitale udlån, any_of: [service.ebooks, service.films]}
  not_digital: {label: Ingen digitale udlån, none_of: [digital]}
"""
STRATA = {
    ("north", "town"): 80,
    ("north", "country"): 120,
    ("west", "town"): 160,
    ("west", "country"): 100,
    ("east", "town"): 140,
    ("east", "country"): 60,
}  # {(sector, setting): units}
ANSWERED = 40  # in each stratum
VIEWS = ("agree", "agree_partly", "neither", "disagree_partly", "disagree", "dont_know")
CARDS = """
title: Biblioteksmålingen
notice: Syntetiske data.
data_date: 2024-06-30
microdata: answers.csv
files:
"""
CARD = """
  {name}:
    title: {name}
    producer: Bibliotekskontoret
    round: 1
    collected: "2024"
    origin: synthetic
    licence: CC BY 4.0
    citation: Biblioteksmålingen 2024
    sha256: ""
"""
FRONT = """
title: Bøger og skærme
subtitle: Hvad bibliotekerne tilbyder, og hvad de mener
series: Bibliotekernes rapporter
language: da
author: Bibliotekskontoret
description: Hvad norske biblioteker tilbyder deres lånere.
reservation: Et regneeksempel, som intet kontor har udgivet.
synthetic_mark: Bygger på syntetiske data
synthetic_text: Lavet på syntetiske data. Tallene må ikke citeres.
contact: {email: kontor@example.dk}
reviewed: "2027"
"""
TYPED = r"""
rules:
  - {kind: year, form: '(19|20)\d\d(?!\s?(?:pct|%|procent))', reason: årstal}
  - {kind: date, form: '\d{1,2}\. juni', reason: dato}
  - {kind: label, form: '(?:[Ff]igur|[Tt]abel)\s\d{1,2}', reason: figurens eller tabellens nummer}
  - {kind: name, form: 'CC\s+BY\s+\d\.\d', reason: navn på en licens}
  - {kind: name, form: '\d{1,2}\.\d{1,2}\.\d{1,2}', reason: programmets version}
numbers:
  - {kind: case, chapter: "01", words: 12 læsesale, reason: casen om Bodø}
"""
PARAMETERS = 'sector = "all"\ndata = "libraries"\nalpha = 0.05\nlanguage = "da"\nsetting = "all"'
IMPORT = "from barometer import open_survey"
OPEN = "survey = open_survey(data, sector, alpha, language, setting)\nsurvey"
LENDING = """
# Udlån og åbningstid
>>> OPEN
## Hvem låner ud på skærmen?

Bodø har 12 læsesale og har lånt film ud siden 1998. [Figur](#offers) viser, hvad bibliotekerne tilbyder.
>>> offers = survey.compare("service", by="lending")
>>> digital = survey.shares(["digital", "service.ebooks", "service.films"])
>>> digital.tell(
...     "B01", "digital",
...     text="Digitale udlån har {a} af bibliotekerne {sektor}.",
...     words="{a} af bibliotekerne {sektor} har digitale udlån.",
... )
>>> offers.tell(
...     "B02", "service.events",
...     differs="Biblioteker med digitale udlån holder {oftere} arrangementer: {a} mod {b}.",
...     same="Arrangementer er lige så almindelige med som uden digitale udlån: {a} og {b}.",
... )
>>> offers.draw_pairs("offers", "Hvad bibliotekerne tilbyder")
>>> digital.draw_parts(
...     "digital", "Digitale udlån", whole="digital", parts={"Heraf": ["service.ebooks", "service.films"]},
... )
>>> hours = survey.compare("hours", by="lending")
>>> hours.tell(
...     "B03",
...     difference="Åbningstiden har ændret sig forskelligt med og uden digitale udlån.",
...     same="Åbningstiden har ikke ændret sig {sikkert} forskelligt med og uden digitale udlån.",
... )
>>> hours.draw_distribution("hours", "Åbningstiden")
>>> survey.parts("digital").show("digital-by-part", "Digitale udlån efter fylke")
>>> survey.compare("digital", by="setting").draw_groups("setting", "Digitale udlån efter beliggenhed")
"""
VIEWS_CHAPTER = """
# Hvad bibliotekerne mener
>>> OPEN
Holdningerne er samlet i [Figur](#views) og prøvet i [Tabel](#numbers).
>>> survey.tell("B10", synthetic="Svarene er dannet af et program og gælder {periode}.", real="Svarene er virkelige.")
>>> survey.tell("B11", whole="Udgaven dækker hele landet.", sector="Udgaven dækker bibliotekerne {sektor}.")
>>> views = survey.shares(["view.users", "view.funding", "view.space"])
>>> views.draw_balance("views", "Enige og uenige", rows=["view.users", "view.funding", "view.space"])
>>> survey.contrast("view.users=agree|agree_partly", "view.funding=agree|agree_partly").tell(
...     "B12", "view.users=agree|agree_partly",
...     more="Flere er enige i, at lånerne bestemmer ({a}), end at der er penge nok ({b}).",
...     less="Færre er enige i, at lånerne bestemmer ({a}), end at der er penge nok ({b}).",
...     same="Lige mange er enige i, at lånerne bestemmer ({a}), og at der er penge nok ({b}).",
... )
>>> survey.cross("staffed", "setting").tell(
...     "B13", difference="Vejledningen er forskellig i og uden for byerne.",
...     same="Vejledningen er ikke {sikkert} forskellig i og uden for byerne.",
... )
>>> survey.show_sample("sample", "Svar og vægte")
>>> survey.show_response("response", "Svar efter stratum")
>>> check = survey.check_published()
>>> check.tell(
...     "B14", "numbers", every="Alle publicerede tal stemmer.", one="Et tal stemmer ikke.",
...     some="{c} tal stemmer ikke.", empty="Der er ingen tal at prøve.",
... )
>>> check.show("numbers", "Publicerede tal", what="numbers", chapter="1")
>>> survey.show_sentences("sentences", "Rapportens sætninger")
"""


def make_project(folder):
    """Write the project to a folder that is not there yet, and return it."""
    survey = folder / "data" / "libraries"
    survey.mkdir(parents=True)
    names = ["answers.csv", "questionnaire.yaml", "population.csv", "published.csv"]
    _write(survey / "questionnaire.yaml", REGISTRY)
    rows = [row for stratum in STRATA for row in _answer(stratum)]
    _write(survey / "answers.csv", _table(rows))
    population = [
        {"stratum": "-".join(stratum), "sector": stratum[0], "setting": stratum[1]}
        | {"units": units, "basis": "opdigtet", "invited": units}
        for stratum, units in STRATA.items()
    ]
    _write(survey / "population.csv", _table(population))
    published = {"id": "N1", "chapter": "1", "statement": "Digitale udlån", "kind": "share"}
    _write(survey / "published.csv", _table([published | {"item": "digital", "value": "70"}]))
    lengths = {"answers.csv": len(rows), "population.csv": len(population), "published.csv": 1}
    lengths["dictionary.csv"] = len(rows[0])
    cards = [
        CARD.format(name=name) + (f"    rows: {lengths[name]}\n" if name in lengths else "")
        for name in [*names, "closed.yaml", "dictionary.csv"]
    ]
    _write(survey / "cards.yaml", CARDS + "".join(cards))
    chapters = folder / "notebooks"
    chapters.mkdir()
    _write(chapters / "report.yaml", FRONT)
    _write(chapters / "typed_numbers.yaml", TYPED)
    _write_chapter(chapters / "01_udlaan.ipynb", LENDING)
    _write_chapter(chapters / "02_holdninger.ipynb", VIEWS_CHAPTER)
    return folder


def _answer(stratum):
    """The stratum's respondents, by arithmetic alone."""
    place = [*STRATA].index(stratum)
    for number in range(ANSWERED):
        ebooks = (number * 7 + place) % 10 < 5
        films = (number * 3 + place) % 10 < 3
        digital = ebooks or films
        row = {
            "id": f"b{place}{number:02}",
            "stratum": "-".join(stratum),
            "weight": repr(STRATA[stratum] / ANSWERED),
            "service_ebooks": int(ebooks),
            "service_films": int(films),
            "service_events": int(number % 4 != 0 if digital else number % 3 == 0),
            "service_homework": int((number + place) % 5 == 0),
            "service_other": int(number % 8 == 7),
            "hours": ("more", "same", "fewer", "more", "dont_know")[(number + 3 * digital) % 5],
            "staffed": ("yes", "no")[(number + place) % 3 == 0] if digital else "",
        }
        views = {
            f"view_{item}": VIEWS[(number * step + place) % len(VIEWS)]
            for item, step in (("users", 1), ("funding", 5), ("space", 7))
        }
        yield row | views | ({"view_users": "agree"} if number % 3 == 0 else {})


def _write_chapter(path, text):
    """Text and cells of a chapter, whose code begins with ">>>" as a session's does."""
    cells, words, code = [], [], []
    for line in [*text.strip().splitlines(), ""]:
        if line.startswith("... "):
            code[-1] += f"\n{line[4:]}"
            continue
        cells += map(v4.new_code_cell, code)
        code = []
        if line.startswith(">>> "):
            cells += [v4.new_markdown_cell("\n".join(words).strip())] * bool(words)
            words, code = [], [line[4:]]
        else:
            words.append(line)
    declared = v4.new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})
    place = next(number for number, cell in enumerate(cells) if cell.source == "OPEN")
    cells[place : place + 1] = [declared, v4.new_code_cell(IMPORT), v4.new_code_cell(OPEN)]
    nbformat.write(v4.new_notebook(cells=cells), path)


def _table(rows):
    rows = list(rows)
    table = io.StringIO()
    writer = csv.DictWriter(table, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return table.getvalue()


def _write(path, text):
    path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
