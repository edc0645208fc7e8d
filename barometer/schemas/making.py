"""The schemas of questionnaire.yaml, cards.yaml and report.yaml, of the fields that the program
reads. What needs two places, as a name that is used and must be defined, only the program checks.
The program passes over fields that are none of its own and unlike them; in a schema they are
underlined, but for `comment`.
"""

import json

from barometer import paths
from barometer.data import cards, reading, registry, terms
from barometer.designs import declared
from barometer.disclosure.rules import LIMITS
from barometer.document import findings, imprint
from barometer.forms import DECIMALS
from barometer.languages.localising import CODE
from barometer.languages.speaking import _
from barometer.schemas.words import (
    BACKGROUND,
    CARD,
    DERIVED,
    FRONT,
    QUESTION,
    REGISTRY,
    REPLICATES,
    SURVEY,
    WEIGHTING,
)
from barometer.weighting import declared as weighting

DRAFT = "https://json-schema.org/draft/2020-12/schema"
TEXT = {"type": ["string", "integer"]}  # what YAML reads as a number may be meant as a text
NAMES = {"type": "array", "items": TEXT}
STATED = {"type": "string", "minLength": 1}
SEVERAL = {  # one text in several languages, as `localising.py` reads it
    "type": "object",
    "minProperties": 1,
    "propertyNames": {"pattern": f"^{CODE.pattern}$"},
    "additionalProperties": STATED,
}
WORDS = {"anyOf": [TEXT, SEVERAL]}
LABEL = {
    "anyOf": [
        *WORDS["anyOf"],
        {
            "type": "object",
            "required": ["label"],
            "properties": {
                "label": WORDS,
                "name": WORDS,
                "place": WORDS,
                "assumed": {"type": "boolean"},
                "proper": {"type": "boolean"},
            },
        },
    ]
}
LABELS = {"type": "object", "minProperties": 1, "additionalProperties": LABEL}
COMMENT = "comment"  # a field that everybody may write and nothing reads
SHARE = {"type": "number", "minimum": 0, "exclusiveMaximum": 1}
# what a field holds, where it is something else than a text
BREAKS = {
    "type": "array",
    "items": {
        "type": "object",
        "required": [*terms.BREAK_FIELDS],
        "additionalProperties": False,
        "properties": {
            "round": {"type": "integer"},
            "what": {"enum": [*terms.BREAKS]},
            "text": STATED,
        },
    },
}
HELD = {
    "breaks": BREAKS,
    "answers": LABELS,
    "items": LABELS,
    "kind": {"enum": [*registry.KINDS]},
    "max": {"type": "integer", "minimum": 1},
    "least": {"type": "number"},
    "most": {"type": "number"},
    "decimals": {"type": "integer", "minimum": 0, "maximum": DECIMALS[-1]},
    "shown": {"type": "integer", "minimum": DECIMALS[0], "maximum": DECIMALS[-1]},
    "at_least": {"type": "integer", "minimum": 1},
    "exclusive": NAMES,
    "residual": NAMES,
    "unanswered": NAMES,
    "any_of": NAMES,
    "none_of": NAMES,
    "sides": {
        "type": "object",
        "minProperties": 2,
        "maxProperties": 2,
        "additionalProperties": {**NAMES, "minItems": 1, "maxItems": 2},
    },
    "domains": NAMES,
    "lacks": {"type": "object", "additionalProperties": STATED},
    "groupings": {
        "type": "object",
        "additionalProperties": {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": WORDS,
        },
    },
}
# the fields of the registry, and of its entries, that a reader sees
READ = dict.fromkeys(("title", "fieldwork", "heading", "text", "label", "base_text", "unit"), WORDS)
# {schema: the files that it is of, from a project's folder}
PLACES = {
    "questionnaire": "data/*/questionnaire.yaml",
    "cards": "data/*/cards.yaml",
    "report": "notebooks/report.yaml",
}


def write_settings(folder):
    """The text of .vscode/settings.json, by which VS Code finds the schemas in `folder`."""
    places = {f"{folder}/{name}.schema.json": place for name, place in PLACES.items()}
    return json.dumps({"yaml.schemas": places}, indent=2) + "\n"


def make_schemas():
    """{file name: its schema} of the three files, in words of the language that is spoken."""
    return {"questionnaire": _make_registry(), "cards": _make_cards(), "report": _make_front()}


def write_schema(schema):
    """The text of a schema's file."""
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def _make_registry():
    parts = {
        part: {
            "type": "object",
            "additionalProperties": _make_entry(words, *reading.ENTRY_FIELDS[part]),
        }
        for part, words in (
            ("background", BACKGROUND),
            ("questions", QUESTION),
            ("derived", DERIVED),
        )
    }
    held = READ | parts
    for part, usual in terms.PARTS.items():
        words = {name: {"anyOf": [STATED, SEVERAL]} for name in usual}
        held[part] = {"type": "object", "additionalProperties": False, "properties": words}
    fields = (*reading.REGISTRY_FIELDS, "language")
    return _make_file("questionnaire.yaml", _describe(REGISTRY, fields, held), reading.NEEDED)


def _make_entry(words, fields, needed):
    return {
        "type": "object",
        "required": [*needed],
        "properties": _describe(words, fields, READ) | {COMMENT: TEXT},
        "additionalProperties": False,
    }


def _make_cards():
    limits = {
        name: {
            "type": "object",
            "required": [*cards.LIMIT_FIELDS],
            "additionalProperties": False,
            "properties": {
                "value": {
                    "type": "integer" if isinstance(ends[0], int) else "number",
                    "minimum": ends[0],
                    "maximum": ends[1],
                    "description": f"Uden linjen: {getattr(LIMITS, name)}",
                },
                "reason": STATED,
                "source": STATED,
            },
        }
        for name, ends in cards.LIMITS.items()
    }
    card = _describe(CARD, (*cards.CARD_FIELDS, "rows"), {})
    card["origin"]["enum"] = [*cards.ORIGINS]
    card["sha256"] |= {"type": "string", "pattern": "^([0-9a-fA-F]{64})?$"}
    card["rows"] |= {"type": "integer", "minimum": 0}
    held = {name: {"enum": [*allowed]} for name, allowed in cards.CHOICES.items()}
    held |= dict.fromkeys(cards.TOLERANCES, SHARE)
    held |= {
        "clusters": NAMES,
        "cluster_sizes": NAMES,
        "correction": {"enum": [*declared.CORRECTIONS]},
        "replicates": _make_replicates(),
        "weighting": _make_weighting(),
        "rounds": NAMES,
        "lonely": {"enum": [*cards.LONELY_RULES]},
        "response_rate": {"type": ["number", "string"]},
        "limits": {"type": "object", "additionalProperties": False, "properties": limits},
        "files": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "required": [*cards.CARD_FIELDS],
                "properties": card,
            },
        },
    }
    return _make_file("cards.yaml", _describe(SURVEY, cards.SURVEY_FIELDS, held), ("files",))


def _make_replicates():
    """The field `replicates` of a card; which fields a method needs, only the program checks."""
    held = {
        "method": {"enum": [*declared.METHODS]},
        "columns": {"type": "string", "pattern": r"\d+-.*\d+$"},
        "rho": SHARE,
        "scales": {"type": ["number", "array"], "items": {"type": "number"}},
        "center": {"enum": [*declared.CENTERS]},
        "form": {"enum": [*declared.FORMS]},
    }
    return {
        "type": "object",
        "required": ["method", "columns"],
        "additionalProperties": False,
        "properties": _describe(REPLICATES, declared.REPLICATE_FIELDS, held),
    }


def _make_weighting():
    """The field `weighting` of a card: where weights begin, and the steps that make them."""
    number = {"type": "number", "minimum": 0}
    ends = {"type": "array", "items": number, "minItems": 2, "maxItems": 2}
    held = {kind: {**NAMES, "minItems": 1} for kind in weighting.KINDS}
    held |= {"trim": ends, "bounds": ends, "method": {"enum": [*weighting.METHODS]}}
    steps = [
        {
            "type": "object",
            "required": [kind],
            "additionalProperties": False,
            "properties": _describe(WEIGHTING, fields, held),
        }
        for kind, fields in weighting.STEP_FIELDS.items()
    ]
    held = {
        "start": {"enum": [*weighting.STARTS]},
        "steps": {"type": "array", "items": {"anyOf": steps}},
    }
    return {
        "type": "object",
        "required": [*weighting.WEIGHTING_FIELDS],
        "additionalProperties": False,
        "properties": _describe(WEIGHTING, weighting.WEIGHTING_FIELDS, held),
    }


def _make_front():
    texts = {"type": "array", "items": TEXT}
    table = {"type": "object", "additionalProperties": {"type": ["string", "integer"]}}
    outcomes = {name: {"type": "string"} for name in sorted({*findings.OUTCOMES, *findings.SAME})}
    held = dict.fromkeys(imprint.LISTS, texts) | dict.fromkeys(imprint.TABLES, table)
    held |= {
        "language": {"type": "string", "pattern": f"^{CODE.pattern}$"},
        "address": {"type": "string", "pattern": "^(https?://.*)?$"},
        "contact": {
            "type": "object",
            "additionalProperties": False,
            "properties": {name: TEXT for name in imprint.CONTACT},
        },
        imprint.FINDINGS: {
            "type": "object",
            "additionalProperties": {"type": "object", "properties": outcomes},
        },
    }
    fields = (*imprint.TEXTS, *imprint.EMPTY, *imprint.LISTS, *imprint.TABLES, imprint.FINDINGS)
    return _make_file("report.yaml", _describe(FRONT, fields, held), imprint.TEXTS)


def _make_file(name, properties, required):
    return {
        "$schema": DRAFT,
        "title": name,
        "type": "object",
        "required": [*required],
        "properties": properties | {COMMENT: TEXT},
        "additionalProperties": False,
    }


def _describe(words, fields, held):
    """{field: what it may hold, with what it means}."""
    kinds = HELD | held
    return {name: {"description": _(words[name]), **kinds.get(name, TEXT)} for name in fields}


if __name__ == "__main__":
    for name, schema in make_schemas().items():
        path = paths.PACKAGE / "schemas" / f"{name}.schema.json"
        path.write_text(write_schema(schema), encoding="utf-8")
