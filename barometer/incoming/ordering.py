"""The order of answers that are texts without codes: by their words, where they are of a scale.

A file that has codes says the order by them. A sheet or a CSV file of texts says none, and
alphabetical order puts "Meget tilfreds" between "Hverken eller" and "Meget utilfreds".
"""

import re

from barometer.files.texts import is_number, write_alike
from barometer.incoming.words import NO_ANSWER, NO_OPINION

# Answers of one kind of scale, from the most to the least. A text belongs to the first expression
# that it fits wholly.
STEPS = (
    (  # how often
        r"(næsten )?altid|(almost )?always|(nesten )?alltid|every time|hver gang"
        r"|immer|altijd|toujours|aina",
        r"dagligt?|(næsten )?hver dag|daily|every day|hver dag",
        r"ugentligt?|hver uge|weekly|every week|ukentlig",
        r"månedligt?|hver måned|monthly|every month|månedlig",
        r"årligt?|hvert år|yearly|annually|every year|årlig",
        r"som regel|for det meste|usually|most of the time|som oftest",
        r"(meget |ret |very |quite )?(ofte|tit|often|frequently)|(mycket )?ofta"
        r"|(sehr )?(oft|häufig)|(heel )?vaak|souvent|usein",
        r"af og til|nogle gange|sommetider|indimellem|sometimes|occasionally|av og til|noen ganger"
        r"|ibland|manchmal|gelegentlich|soms|parfois|joskus",
        r"sjældnere|less often|sjeldnere",
        r"(meget |ret |very )?(sjældent?|rarely|seldom|sjelden)|(sehr )?selten"
        r"|sällan|zelden|rarement|harvoin",
        r"(næsten |almost )?(aldrig|never|aldri)|nie(mals)?|nooit|jamais|ei koskaan",
    ),
    (  # to what degree
        r"i meget høj grad|to a very (large|great|high) (extent|degree)|i svært stor grad",
        r"i høj grad|to a (large|great|high) (extent|degree)|i stor grad",
        r"i nogen grad|to some (extent|degree)|i noen grad|delvist?|partly|i moderat grad",
        r"i (mindre|ringe|lav) grad|to a (small|lesser|low|limited) (extent|degree)|i liten grad",
        r"i meget (mindre|ringe|lav) grad|to a very (small|low) (extent|degree)|i svært liten grad",
        r"slet ikke|not at all|ikke i det hele tatt|overhovedet ikke|ikke",
    ),
    (  # how much
        r"rigtig meget|utrolig meget|a great deal|very much|svært mye",
        r"meget|a lot|much|mye",
        r"en (hel )?del|ganske meget|quite a (lot|bit)|a fair amount|ganske mye",
        r"noget|nogen|some|somewhat|moderately|a moderate amount|noe",
        r"(kun |only )?(lidt|a little|a bit|slightly|litt)",
        r"slet ikke( noget)?|overhovedet ikke|not at all|none at all|ikke i det hele tatt",
    ),
    (  # whether it will be so
        r"helt sikkert|bestemt|definitely|certainly",
        r"sandsynligvis|formentlig|nok|probably",
        r"måske|perhaps|maybe|possibly|kanskje",
        r"(sandsynligvis|formentlig|nok) ikke|probably not",
        r"(helt sikkert|bestemt) ikke|definitely not|certainly not",
    ),
    (  # whether it is enough
        r"for (meget|mange|høj[t]?|stor[t]?|lang[t]?)|too (much|many|high|big|large|long)",
        r"passende|tilpas|about right|just right",
        r"for (lidt|få|lav[t]?|lille|kort)|too (little|few|low|small|short)",
    ),
    (  # how good
        r"fremragende|excellent|utmerket|særdeles god[t]?",
        r"meget god[t]?|very good|svært god[t]?",
        r"god[t]?|good|bra",
        r"(hverken|neither) .*|acceptabel[t]?|middel|fair|average|nokså god[t]?",
        r"dårlig[t]?|poor|bad",
        r"meget dårlig[t]?|very (poor|bad)|svært dårlig",
    ),
    (  # whether one agrees, where the word for how much stands within
        r"stimme (voll( und ganz)?|völlig|vollständig|ganz) zu|instämmer helt|tout à fait d.accord",
        r"stimme zu|instämmer|d.accord",
        r"stimme eher zu|instämmer delvis|plutôt d.accord",
        r"teils.?teils|weder .*|varken .*|ni .* ni .*",
        r"stimme eher nicht zu|instämmer knappast|plutôt pas d.accord",
        r"stimme nicht zu|instämmer inte|pas d.accord",
        r"stimme (überhaupt|gar) nicht zu|instämmer inte alls|pas du tout d.accord",
    ),
    (r"ja", r"delvist?|til dels|måske|teilweise|vielleicht|kanske", r"nej|nei|nein|nee"),
    (r"oui", r"en partie|peut-être", r"non"),
    (r"yes", r"partly|maybe|perhaps", r"no"),
    (r"true|sandt?|sant|wahr|vrai", r"false|falsk|falsch|faux"),
    (r"højere|flere|større|mere|more|higher|larger|bedre|better",
     r"(det samme|uændret|samme|unchanged|(about |roughly )?the same)",
     r"lavere|færre|mindre|less|fewer|lower|smaller|dårligere|værre|worse"),
)  # fmt: skip
# Answers on both sides of a middle: "meget utilfreds" is far on the side of "utilfreds".
SIDES = (
    ("tilfreds", "utilfreds"),
    ("satisfied", "dissatisfied"),
    ("fornøyd", "misfornøyd"),
    ("nöjd", "missnöjd"),
    ("zufrieden", "unzufrieden"),
    ("tevreden", "ontevreden"),
    ("satisfaite?", "insatisfaite?"),
    ("tyytyväinen", "tyytymätön"),
    ("(mee )?eens", "(mee )?oneens"),
    ("samaa mieltä", "eri mieltä"),
    ("wichtig", "unwichtig"),
    ("belangrijk", "onbelangrijk"),
    ("viktigt?", "oviktigt?"),
    ("enig", "uenig"),
    ("agree", "disagree"),
    ("sandsynligt", "usandsynligt"),
    ("sandsynlig", "usandsynlig"),
    ("likely", "unlikely"),
    ("vigtigt", "uvigtigt"),
    ("vigtig", "uvigtig"),
    ("important", "unimportant"),
    ("let", "svært"),
    ("nemt", "svært"),
    ("easy", "difficult"),
    ("positiv", "negativ"),
    ("positive", "negative"),
    ("positivt", "negativt"),
    ("godt", "dårligt"),
    ("tryg", "utryg"),
    ("safe", "unsafe"),
    ("trygt", "utrygt"),
    ("for", "imod"),
    ("bedre", "dårligere"),
    ("bedre", "værre"),
    ("better", "worse"),
    ("mere", "mindre"),
    ("more", "less"),
    ("flere", "færre"),
    ("more", "fewer"),
    ("højere", "lavere"),
    ("higher", "lower"),
    ("for høj", "for lav"),
    ("too high", "too low"),
    ("for højt", "for lavt"),
    ("for meget", "for lidt"),
    ("too much", "too little"),
)
STRONG = (
    r"meget|helt|fuldstændig|fuldt|yderst|særdeles|i høj grad|svært|helt ut|alt|langt"
    r"|very|strongly|completely|extremely|totally|much|far|a lot"
    r"|mycket|sehr|äußerst|völlig|zeer|heel|helemaal|très|tout à fait|erittäin|hyvin|täysin"
)
WEAK = (
    r"lidt|noget|delvist?|overvejende|mest|ret|litt|ganske|nokså"
    r"|rather|somewhat|fairly|partly|slightly|mostly|tend to|a (little|bit)|en smule"
    r"|ganska|något|eher|etwas|ziemlich|enigszins|een beetje|plutôt|assez|melko|jokseenkin"
)
MIDDLE = re.compile(
    r"(hverken|neither|verken|varken|weder)\b.*|ni .+ ni .+|niet .+ niet .+|ei .+ eikä .+"
    r"|teils.?teils|neutra+le?|nøytral|neutre|neutraali|midt imellem|både og|både .+ og .+|i midten"
    r"|(det |(about |roughly )?the )?(samme|same)|uændret|unchanged|no (change|difference)"
    r"|ingen (ændring|forskel)|passende|tilpas|(about|just) right"
)
BELOW = re.compile(r"^(under|mindre end|færre end|højst|op til|less than|fewer than|below|up to|<)")
ABOVE = re.compile(r"^(over|mere end|flere end|more than|above|>)")
DIGITS = re.compile(r"\d+(?:[.,]\d+)?")


def order_by_words(texts):
    """The texts in the order of the scale that they are answers of, what is no opinion last; None
    where their words say none.

    >>> order_by_words(["Enig", "Helt enig", "Uenig", "Ved ikke"])
    ['Helt enig', 'Enig', 'Uenig', 'Ved ikke']
    >>> order_by_words(["Under 18", "65+", "18-64"])
    ['Under 18', '18-64', '65+']
    """
    written = {text: write_alike(text).strip(" .") for text in texts}
    last = [text for text in texts if _says_nothing(written[text])]
    plain = {text: written[text] for text in texts if text not in last}
    if len(plain) < 2 or all(map(is_number, plain)):  # the order of numbers is their own
        return None
    for place in (_place_number, _place_side, *_STEPS):
        places = {text: place(words) for text, words in plain.items()}
        if None not in places.values() and len({*places.values()}) == len(plain):
            return [*sorted(plain, key=places.get), *last]
    return None


def _says_nothing(words):
    return bool(NO_OPINION.search(words) or NO_ANSWER.search(words))


def _place_number(words):
    """Where an interval begins: "Under 18", "18-64", "65 eller derover"."""
    found = DIGITS.search(words)
    if not found:
        return None
    shift = -0.5 if BELOW.search(words) else 0.5 if ABOVE.search(words) else 0
    return float(found[0].replace(",", ".")) + shift


def _place_side(words):
    """How far from the middle, the one side first: -3 of "meget tilfreds" to 3."""
    if MIDDLE.fullmatch(words):
        return 0
    for left, right in SIDES:
        for side, word in ((-1, left), (1, right)):
            if match := re.fullmatch(rf"(?:(?P<how>.+) )?{word}", words):
                weight = _weigh(match["how"])
                return weight and side * weight
    return None


def _weigh(how):
    if how is None:
        return 2
    if re.fullmatch(STRONG, how):
        return 3
    return 1 if re.fullmatch(WEAK, how) else None


def _make_step(steps):
    """A function that gives the place of a text among the steps of one kind of scale."""
    compiled = [re.compile(step) for step in steps]

    def place(words):
        return next((at for at, step in enumerate(compiled) if step.fullmatch(words)), None)

    return place


_STEPS = tuple(map(_make_step, STEPS))
