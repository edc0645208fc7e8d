"""Words by which answers are known, in the languages of the countries that have a barometer."""

import re

from barometer.languages.speaking import N_, _

# "Ved ikke" and the like: an opinion that somebody does not have
NO_OPINION = re.compile(
    r"ved ikke|ved ej|(husker|huske) ikke|ikke huske|(not|n.t) remember|don.?t recall|husker ei"
    r"|minns inte|ikke sikker|ikke relevant|don.?t know|do not know|not sure|unsure|no opinion"
    r"|not applicable|not relevant|\bn/?a\b|vet ikke|vet ej|vet inte|ikke aktuelt|ej relevant"
    r"|wei(ß|ss) nicht|keine (angabe|meinung)|weet niet|sans opinion|ne sai[st] pas|en osaa sanoa"
    r"|ei oska öelda|veit ekki"
)
# what is counted, in a question: the word after it is the unit
COUNTED = re.compile(
    r"(?:\bhvor mange|\bantal(?:let af)?|\bantall(?:et)?|\bhow many|\bnumber of)"
    r"(?:\s+(?P<unit>[^\W\d_]+))?"
)
# words that are units wherever they stand in a question
UNITS = N_(
    {
        re.compile(r"\b(?:kroner|kr|dkk)\b"): "kr.",
        re.compile(r"\b(?:alder|hvor gammel|age|how old|alder i år)\b"): "år",
        COUNTED: None,  # before "i år", which may be when, as in "how many days i år"
        re.compile(r"\bi (minutter|timer|dage|uger|måneder|år|kilometer|meter)\b"): None,
        re.compile(r"\bin (minutes|hours|days|weeks|months|years)\b"): None,
        re.compile(r"[(\[](minutter|timer|dage|uger|måneder|år|kilometer|km|meter)[)\]]"): None,
        re.compile(r"[(\[](minutes|hours|days|weeks|months|years)[)\]]"): None,
    }
)
# what those who answer are called, by a word in a survey's name: one, many, the one, the many
NOUNS = N_(
    {
        r"\bpatient": ("patient", "patienter", "patienten", "patienterne"),
        r"\b(medarbejder|employee)": (
            "medarbejder",
            "medarbejdere",
            "medarbejderen",
            "medarbejderne",
        ),
        r"\b(kunde|customer)": ("kunde", "kunder", "kunden", "kunderne"),
        r"\b(borger|citizen)": ("borger", "borgere", "borgeren", "borgerne"),
        r"\b(elev|pupil)": ("elev", "elever", "eleven", "eleverne"),
        r"\b(lærer|laerer|teacher)": ("lærer", "lærere", "læreren", "lærerne"),
        r"\b(virksomhed|compan)": ("virksomhed", "virksomheder", "virksomheden", "virksomhederne"),
        r"\b(skole|school)": ("skole", "skoler", "skolen", "skolerne"),
        r"(\b|s)(bruger|user)": ("bruger", "brugere", "brugeren", "brugerne"),
        r"\b(medlem|member)": ("medlem", "medlemmer", "medlemmet", "medlemmerne"),
        r"\b(gæst|guest)": ("gæst", "gæster", "gæsten", "gæsterne"),
    }
)
# the word before a part's name where it is a place
PLACES = N_(
    {
        re.compile(r"(hospital|hospitalet|sygehus|sygehuset|gymnasium)\b"): "på {part}",
        re.compile(r"\bregion|kommune\b"): "i {part}",
    }
)
# what a part of an organisation is called; such parts are places in a sentence too
UNITS_OF_WORK = re.compile(
    r"\b(afdeling|forvaltning|center|enhed|direktion|team|department|division|unit|office)\w*\b"
)
# parts of a country with "på" before them in Danish, and those with "the" in English
ISLANDS = re.compile(
    r"(sjælland|fyn|bornholm|lolland|falster|møn|amager|langeland|ærø|samsø|læsø|fanø|als|mors"
    r"|island|færøerne|frederiksberg)( og .+)?"
)
DIRECTIONS = re.compile(
    r"((north|south|east|west|capital|central)(ern)?[- ]?)+(region|area|coast)?"
)
# what a part of a country is called, where its answers are proper names
GEOGRAPHY = re.compile(
    r"\b(regioner?|kommuner?|amter?|landsdele?|lande?|byer|byen|bydele?|fylker?|län|kommun"
    r"|regions?|municipalit(y|ies)|count(y|ies)|provinces?|districts?|countr(y|ies)|states?)\b"
)
# an answer that was not given
NO_ANSWER = re.compile(
    r"intet svar|uoplyst|ubesvaret|ikke besvaret|no answer|not answered|refus|missing|prefer not"
    r"|ikke svart|(ønsker|vil) ikke (at )?svare|ej svar|uoppgitt|not stated|unanswered|nekt"
)
# a tick that says that there is no other
NONE_OF_THEM = re.compile(r"^(ingen|intet|none|no one|nobody|nothing|inga|inget|ingenting)\b")
# an answer that holds all that has none of its own
OTHERS = re.compile(
    r"^(andet|anden|andre|other|others|annet|annat|annan|andra"
    r"|sonstige[sr]?|andere[sr]?|anders|autres?|otros?|outros?|muu)\b"
)
# a question that was not put
NOT_ASKED = re.compile(r"ikke (stillet|spurgt|stilt)|not asked|skipped|filter|inap\b|inapplicable")
TICKED = re.compile(
    r"(ja|yes|jah|kyllä|já|oui|sí|sì|sim|tak|ano|da|valgt|afkrydset|nævnt|checked|selected|ticked"
    r"|mentioned|quoted|1)\b"
    r"|(y|j|x|true|sand|sant|sann|wahr|vrai|vero|waar|[✓✔☑☒●■])$"
)
UNTICKED = re.compile(
    r"(nej|nei|no|nein|nee|ei|non|não|nie|ne|ikke (valgt|afkrydset|nævnt)|nicht \w+|not \w+"
    r"|un(checked|selected|ticked)|0)\b"
    r"|(n|false|falsk|falskt|falsch|faux|falso|onwaar|[☐○□])$"
)


def says_nothing(words):
    """Whether an answer, as it is compared, is no opinion, no answer or no question."""
    return any(one.search(words) for one in (NO_OPINION, NO_ANSWER, NOT_ASKED))


def find_unit(words):
    """What a question counts, as far as its words say; "" if they do not.

    >>> find_unit("hvor mange minutter ventede du?")
    'minutter'
    """
    for pattern, unit in UNITS.items():
        if (match := pattern.search(words)) and (unit or match[1]):
            return _(unit) if unit else match[1]
    return ""


def find_noun(words):
    """What those who answered are called, in four forms, as far as a survey's name says; else ().

    >>> find_noun("patienters oplevelser")
    ('patient', 'patienter', 'patienten', 'patienterne')
    """
    found = (forms for pattern, forms in NOUNS.items() if re.search(pattern, words))
    return tuple(map(_, next(found, ())))


def has_proper_names(*words):
    """Whether what divides the answers, by its name or question, is parts of a country.

    >>> has_proper_names("region", "I hvilken landsdel arbejder du?")
    True
    """
    return any(GEOGRAPHY.search(one.casefold()) for one in words)


def find_place(label, *asked):
    """A part as a place in a sentence: "i Region Sjælland", "på Rigshospitalet", or in brackets.

    `asked`: the name and the question of what divides the answers into such parts.

    >>> find_place("Drift")
    '(Drift)'
    >>> find_place("Drift", "afdeling"), find_place("Sjælland", "Hvilken region bor du i?")
    ('i Drift', 'på Sjælland')
    """
    words = label.casefold()
    known = next((form for pattern, form in PLACES.items() if pattern.search(words)), "")
    form = _(known) if known else "({part})"
    if _holds_places(words, asked):
        form = _find_preposition(words) if not known or DIRECTIONS.fullmatch(words) else form
    return form.format(part=label)


def _find_preposition(words):
    if ISLANDS.fullmatch(words):
        return _("på {part}", "ø")
    return _("i {part}", "verdenshjørne") if DIRECTIONS.fullmatch(words) else _("i {part}")


def _holds_places(words, asked):
    divided = has_proper_names(*asked) or any(UNITS_OF_WORK.search(one.casefold()) for one in asked)
    return divided and not (OTHERS.search(words) or says_nothing(words))
