"""Builds executed notebooks for the publishing tests: two chapters with every kind of content, none
of it run.
"""

import re
from base64 import b64decode

import nbformat.v4 as v4

from barometer.display import Figure, Prose, SurveyNotice, Table
from barometer.verify.typed import find_numbers

SURVEY = {
    "name": "barometer-2020",
    "title": "Innovationsbarometeret, tredje runde",
    "part": "all",
    "part_label": "Den offentlige sektor",
    "synthetic": True,
    "notice": "Syntetiske data: tegnet af et program, så de vægtede tal ligner de offentliggjorte.",
    "citation": "Syntetiske mikrodata til Innovationsbarometeret, tredje runde "
    "(Barometer-projektet, 2026)",
    "period": "2018-2019",
    "data_date": "2026-11-23",
    "respondents": "1.877",
    "nouns": {
        "one": "arbejdsplads",
        "many": "arbejdspladser",
        "the_one": "arbejdspladsen",
        "the_many": "arbejdspladserne",
        "all": "offentlige arbejdspladser",
    },
    "parts": {
        "all": "Hele den offentlige sektor",
        "state": "Staten",
        "region": "Regionerne",
        "municipality": "Kommunerne",
    },
}
REASONS = [
    ("Øget kvalitet", 71, 63),
    ("Øget effektivitet", 52, 44),
    ("Øget medarbejdertilfredshed", 41, 43),
    ("Opfyldelse af politisk fastsatte mål", 58, 21),
    ("Større indflydelse til borgerne", 24, 22),
    ("Samarbejde på tværs af forvaltninger og fagområder", 33, 29),
    ("Ved ikke", 4, 6),
]
ALT = (
    "Vandrette søjler for syv former for værdi. Politisk initierede innovationer opfylder oftere "
    "politiske mål, "
    "58 mod 21 %. Tal i tabellen bag figuren."
)
NOTE = (
    "Figuren viser andelen af innovative arbejdspladser, der har opnået hver værdi. Spørgsmålet "
    "er stillet til "
    "arbejdspladser med mindst én innovation i 2018-2019. Flere svar var mulige, så tallene "
    "summer til mere end "
    "100. Data er vægtet. Politisk initieret: n = 611, øvrige: n = 1.266. Kilde: Syntetiske data."
)
CASE = """### Velfærdsteknologi på plejecentret i Ærøskøbing

Kommunalbestyrelsen vedtog i 2018, at alle plejecentre skulle afprøve **sansegulve**. Personalet var skeptisk, men
efter et halvt år var antallet af natlige tilsyn halveret.

- Først talte ledelsen med de pårørende.
- Så blev to stuer valgt ud som prøvestuer.

Erfaringerne er siden delt med fem andre kommuner."""
INTERVIEW = """## »Vi skal turde slippe tøjlerne«

**Hvad er politikernes rolle i fornyelse?**

At sætte retning og så lade fagfolkene om resten. Når målet er tydeligt, finder medarbejderne selv vejen.[^tid]

**Hvad er det sværeste?**

Tålmodigheden. En ny idé har sjældent vist sit værd efter tre måneder.

### Om den interviewede

En opdigtet kommunaldirektør i en opdigtet kommune.

[^tid]: Interviewet er skrevet til lejligheden og gengiver ikke en virkelig samtale."""
OPENING = """# Hvad får politikerne ud af det?

Politiske beslutninger sætter gang i fornyelse. Her ser vi på, hvilken **værdi** fornyelsen skaber, og om den er en
anden, når det er *nærmeste politiske ledelse* eller ny lovgivning, der har sat den i gang.[^politisk]

[^politisk]: Politisk initieret er en innovation, som nærmeste politiske ledelse eller ny lovgivning har igangsat.
    Se også [Innovationsbarometeret](https://www.coi.dk/)."""
SECTION = """## Hvilken værdi skaber politisk initieret innovation?

Spørgsmålet er stillet til alle innovative arbejdspladser. Svarene vises i [Figur 4](#figur-4), og metoden er
beskrevet i [næste kapitel](#hvordan-er-tallene-til) og i [Figur 99](#figur-99)."""
METHOD = """# Hvordan er tallene til?

Kapitlet gør rede for stikprøve, vægtning og usikkerhed.

## Hvem har svaret?

1. Arbejdspladserne er udtrukket tilfældigt inden for **strata**.
2. Hver arbejdsplads har en vægt.
   - Vægten er antallet af arbejdspladser delt med antallet af svar.
   - Den justeres ikke yderligere.

> Andelene er vægtede, og usikkerheden følger udvalgets udformning.

### Hvad er holdt ude?

Arbejdspladser med under tre ansatte er ikke spurgt. ~~Selvejende institutioner~~ indgår i `stratum` efter
tilhørsforhold.

---

## Svarprocent

| Sektor | Udsendt | Svar | Svarprocent |
|:--|--:|--:|--:|
| Staten | 1.200 | 441 | 37 % |
| Regionerne | 900 | 389 | 43 % |
| Kommunerne | 3.100 | 1.441 | 46 % |"""


def number_table(rows=tuple(REASONS)):
    """The numbers behind the sample figure, as finished text."""
    return {
        "columns": ["Værdi", "Politisk initieret", "Øvrige", "Forskel"],
        "numeric": [False, True, True, True],
        "rows": [
            [
                name,
                f"{a} %",
                f"{b} %",
                "ingen sikker forskel" if abs(a - b) < 5 else f"{abs(a - b)} procentpoint",
            ]
            for name, a, b in rows
        ],
    }


# A white dot, as PNG.
DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg=="


def draw_bars(rows=tuple(REASONS)):
    """A plain SVG with bars and Danish labels; its ids repeat from picture to picture, as
    matplotlib's do.
    """
    height, parts = 24 + 38 * len(rows), []
    for i, (name, first, second) in enumerate(rows):
        y = 12 + 38 * i
        parts.append(f'<text x="245" y="{y + 18}" text-anchor="end">{name}</text>')
        for offset, value, colour in ((0, first, "#12436D"), (14, second, "#F46A25")):
            parts.append(
                f'<rect x="252" y="{y + offset}" width="{value * 2}" height="12" fill="{colour}"/>'
                f'<text x="{256 + value * 2}" y="{y + offset + 10}">{value} %</text>'
            )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" '
        'xmlns:xlink="http://www.w3.org/1999/xlink" width="448pt" '
        f'height="{height}pt" viewBox="0 0 448 {height}"><metadata>x</metadata>'
        '<defs><clipPath id="area"><rect width="448" height="1000"/></clipPath></defs>'
        f'<g clip-path="url(#area)" font-family="IBM Plex Sans" '
        f'font-size="9">{"".join(parts)}</g></svg>'
    )


def trace_all(*texts):
    """A row of a trace for each number in some texts, as if all had come through the gate."""
    return tuple(
        {"part": "table", "shown": number, "low": "", "high": ""}
        for text in texts
        for number in dict.fromkeys(find_numbers(text))
    )


def trace_table(table):
    """The same for a finished table."""
    return trace_all(" | ".join(cell for row in (table["columns"], *table["rows"]) for cell in row))


def make_figure(identifier="figur-4", **changes):
    """A whole figure; any part can be replaced by name."""
    parts = {
        "title": "Politisk initieret innovation skaber oftere kvalitet og opfylder oftere "
        "politiske mål",
        "alt": ALT,
        "note": NOTE,
        "table": number_table(),
        "svg": draw_bars(),
        "png": b64decode(DOT),
    } | changes
    told = trace_all(
        parts["title"] or "", parts["alt"] or "", parts["note"], *re.split(r"<[^>]*>", parts["svg"])
    )
    return Figure(identifier, **{"trace": told + trace_table(parts["table"]), **parts})


def markdown_cell(source, *tags):
    """A Markdown cell with tags."""
    return v4.new_markdown_cell(source, metadata={"tags": list(tags)} if tags else {})


def code_cell(shown=None, *tags, source="survey", count=1):
    """An executed code cell that shows an object (by its MIME bundle) or a ready-made output."""
    outputs = (
        [shown]
        if isinstance(shown, dict)
        else []
        if shown is None
        else [v4.new_output("display_data", data=shown._repr_mimebundle_())]
    )
    return v4.new_code_cell(
        source, execution_count=count, outputs=outputs, metadata={"tags": list(tags)}
    )


def make_notebook(*cells, title="# Et kapitel", survey=None):
    """A smallest valid chapter with the given cells after its title and its survey."""
    head = [markdown_cell(title)] if title else []
    return v4.new_notebook(
        cells=[*head, code_cell(SurveyNotice({**SURVEY, **(survey or {})})), *cells]
    )


def make_report():
    """Two chapters with every kind of block, as (name, notebook) pairs."""
    told = (
        "Politisk initierede innovationer øger kvaliteten i **71\u00a0pct.** af tilfældene mod "
        "63\u00a0pct. af de "
        'øvrige. Det er "en tydelig forskel" – også når der tages højde for størrelse.'
    )
    text = Prose(told, trace=trace_all(told))
    stream = v4.new_output("stream", name="stderr", text="FutureWarning: skal ikke med")
    paragraph = "Det gælder på tværs af fagområder og uanset arbejdspladsens størrelse. " * 6
    shares = {
        "columns": ["Sektor", "Andel", "95 pct. sikkerhedsinterval", "n"],
        "numeric": [False, True, True, True],
        "rows": [
            ["Staten", "81 %", "77–84 %", "441"],
            ["Regionerne", "84 %", "[u]", "389"],
            ["Kommunerne", "[c]", "[c]", "1.441"],
        ],
    }
    levels = Table(
        "Innovative arbejdspladser efter sektor",
        shares,
        "[c]: skjult af hensyn til fortrolighed.",
        "tabel-1",
        trace_table(shares),
    )
    first = make_notebook(
        code_cell(None, "parameters", source='sector = "all"'),
        code_cell(stream),
        markdown_cell(SECTION),
        code_cell(make_figure()),
        code_cell(text),
        markdown_cell(paragraph),
        markdown_cell(
            "> Når politikerne går forrest, bliver fornyelsen større, end nogen havde turdet "
            "håbe.\n>\n"
            "> – Opdigtet borgmester",
            "quote",
        ),
        markdown_cell(CASE, "case"),
        markdown_cell("## Hvor er fornyelsen størst?\n\n" + paragraph),
        code_cell(levels),
        markdown_cell(paragraph),
        code_cell(
            make_figure(
                "figur-5",
                title="Borgerne får ikke oftere indflydelse",
                svg=draw_bars(REASONS[2:5]),
                table=number_table(REASONS[2:5]),
            )
        ),
        markdown_cell(INTERVIEW, "interview"),
        title=OPENING,
    )
    second = make_notebook(
        markdown_cell("### Det korte svar\n\n" + paragraph + "\n\n```\nandel = vægt / sum\n```"),
        code_cell(None, source=""),
        title=METHOD,
    )
    return [("02_vaerdi", first), ("06_metode", second)]
