"""What each field of the files that people write means, in the words that an editor shows."""

from barometer.languages.speaking import N_

REGISTRY = N_(
    {
        "title": "Undersøgelsens navn",
        "round": "Rundens nummer",
        "period": "De år, svarene handler om; {periode} i tekster",
        "fieldwork": "Hvornår der blev spurgt; {indsamling} i ordlyde",
        "language": "Sproget i tekster og svar: da",
        "background": "Dimensioner, rapporter kan laves efter: den første, når intet er valgt",
        "questions": "Spørgsmålene, i spørgeskemaets rækkefølge",
        "derived": "Variable, der er dannet af svar",
        "domains": "Dele, der også får rapporter: [town, region&town]",
        "breaks": "Hvad en runde har ændret for alt: [{round: 4, what: method, text: …}]",
        "lacks": "Hvad kapitler må spørge om, og undersøgelsen ikke har: navn og tekst",
        "groupings": "Grupper, som kapitler sammenligner under ét navn; under det gruppe og tekst",
        "respondents": "Hvad de, der svarer, kaldes",
        "whole": "Hvad alle tilsammen kaldes, og resten ved siden af en del",
        "measure": "Den variabel, hvis designeffekt vises i tabellen over stikprøven",
    }
)
BACKGROUND = N_(
    {
        "text": "Hvad dimensionen er",
        "heading": "Hvad der står over dens svar i tabeller",
        "answers": "Kode og tekst; en tekst kan have name og place",
    }
)
QUESTION = N_(
    {
        "identity": "Dens navn i alle runder, hvor det er et andet end her",
        "breaks": "Hvad der er ændret i en runde: wording, answers, method, none",
        "text": "Spørgsmålet, som læseren ser det",
        "kind": "single: ét svar. multiple: flere. battery: ét svar i hver række. scale: "
        "ordnede svar, som har tal. number: et tal",
        "asked": "Hvem der blev spurgt: all, eller en variabel under derived",
        "items": "Det, der kan sættes kryds ved, eller batteriets rækker",
        "answers": "Kode og tekst, i rækkefølge",
        "max": "Hvor mange kryds der højst må sættes",
        "exclusive": "Kryds, der står alene",
        "residual": "Svar, der ingen mening er: vises sidst",
        "unanswered": "Svar, der står for intet svar: ikke med i det, andele er af",
        "unit": "Hvad et tal tæller: kr., timer",
        "least": "Det mindste tal, der må svares",
        "most": "Det største tal, der må svares",
        "decimals": "Hvor mange decimaler et svar højst har",
        "shown": "Decimaler i gennemsnit og andre tal; -3 er hele tusinder",
        "sides": "Hvad en figur tegner til venstre og højre for nul: to ord, hvert med dets svar",
    }
)
DERIVED = N_(
    {
        "identity": "Dens navn i alle runder, hvor det er et andet end her",
        "breaks": "Hvad der er ændret i en runde: wording, answers, method, none",
        "label": "Hvad variablen siger om en respondent",
        "any_of": "Sand, når mindst én af disse er det",
        "none_of": "Sand, når ingen af disse er det",
        "at_least": "Hvor mange af any_of der mindst skal være sande",
        "among": "Hvem den er kendt for: en variabel",
        "base_text": "Hvem andele er af, i ord",
    }
)
SURVEY = N_(
    {
        "title": "Undersøgelsens navn",
        "notice": "Hvad læseren skal vide om svarene, fx at de er syntetiske",
        "data_date": "Indsamlingens sidste dag: 2020-02-29",
        "response_rate": "Svarprocenten",
        "microdata": "Filen med svar",
        "lonely": "Strata med ét svar. fail: afvis. adjust: om gennemsnit. certainty: uden bidrag",
        "limits": "Undersøgelsens egne grænser, hver med grund og kilde",
        "files": "Et kort for hver fil i mappen",
        "weights": "population: summer til units. normalised, relative: skaleres til units. made: "
        "laves her, som weighting siger",
        "weighting": "Hvordan vægte laves: hvad de begynder med, og trinnene",
        "empty_strata": "Strata uden svar. refuse: afvis. accept: ingen står for dem",
        "rounds": "Mapper med tidligere runder, ved siden af denne",
        "overlap": "ids: samme id i to runder er samme respondent. none: det er det ikke",
        "inference": "finite: om netop denne population. superpopulation: om det, der lå bag den",
        "weight_tolerance": "Hvor langt vægtenes sum må være fra units, som andel",
        "stratum_tolerance": "Det samme i hvert stratum",
        "clusters": "Kolonnen med klyngen i hvert trin, det første først",
        "cluster_sizes": "Kolonnen med, hvor mange der var at udtrække af, i hvert trin",
        "correction": "finite: populationens størrelse retter usikkerheden. none: den gør ikke",
        "replicates": "Gentagelsesvægte: metode og kolonner",
    }
)
REPLICATES = N_(
    {
        "method": "Hvordan de er lavet",
        "columns": "Fra den første til den sidste: rep01-rep80",
        "rho": "Fays tal, kun for Fay",
        "scales": "(n - 1)/n, kun for JKn: et tal, eller et for hver kolonne",
        "center": "estimate: om estimatet. mean: om gentagelsernes gennemsnit",
        "form": "weights: kolonnerne er vægte. factors: det, vægten ganges med",
    }
)
WEIGHTING = N_(
    {
        "start": "strata: units delt med svar. column: kolonnen weight",
        "steps": "Trinnene i rækkefølge",
        "poststratify": "Til population.csv i alle kombinationer af variablene",
        "rake": "Trinvis til hver variabels totaler",
        "calibrate": "Til hver variabels totaler, så nær de forrige vægte som muligt",
        "method": "linear, raking eller logit",
        "bounds": "Hvad en vægt højst må ganges med: [0.5, 2]",
        "trim": "Den mindste og største vægt i forhold til gennemsnittet: [0.3, 3]",
    }
)
CARD = N_(
    {
        "title": "Hvad filen er",
        "producer": "Hvem der har lavet den",
        "round": "Rundens nummer",
        "collected": "Hvor og hvornår indholdet er fra",
        "origin": "synthetic eller real",
        "licence": "Hvad den må bruges til",
        "citation": "Hvordan den citeres",
        "sha256": "Kontrolsum; skrives af python -m barometer seal",
        "rows": "Hvor mange rækker den har",
    }
)
FRONT = N_(
    {
        "title": "Rapportens titel",
        "subtitle": "Undertitel",
        "series": "Den række, rapporten hører til",
        "language": "Rapportens sprog",
        "author": "Hvem der udgiver den",
        "description": "Hvad den handler om, i en sætning eller to",
        "reservation": "Forbehold på forside og i kolofon",
        "synthetic_mark": "Mærket på hver side, når svarene er syntetiske",
        "synthetic_text": "Hvad der så står om dem",
        "source": "Forlægget",
        "reuse": "Hvad rapporten må bruges til",
        "cite": "Hvordan den citeres; dannes, når feltet er tomt",
        "published": "Udgivelsens år",
        "data": "Den mappe under data/, som bruges, når ingen er nævnt",
        "address": "Hvor rapporterne ligger på nettet: https://…/",
        "reviewed": "Hvornår tilgængelighedserklæringen sidst blev gennemgået",
        "declaration": "Hvad landets lov siger om erklæringen",
        "supervision": "Hvem der fører tilsyn",
        "keywords": "Emneord",
        "colophon": "Kolofonens afsnit",
        "languages": "Sprog, rapporten også kan læses på: koder som en",
        "bank": "Dele, som statistikbanken også viser uden en rapport om dem: field, field/novelty",
        "english": "Engelske ord i teksten, som læses op på engelsk",
        "identifiers": "Kun det, der er tildelt: {ISBN: …, DOI: …}",
        "contact": "Hvem der svarer på spørgsmål om tilgængelighed: name, email, phone",
        "findings": "Det korte af det lange: sætningers id; under hvert udfald og kort ordlyd",
    }
)
