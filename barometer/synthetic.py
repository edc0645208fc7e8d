"""Draws the synthetic microdata of a survey folder: `python -m barometer.synthetic [FOLDER]`.

The recipe, `synthetic.yaml`, says for each answer how large a weighted share of which group gives it. A draw first
finds the probabilities that meet all of a step's shares (a logit with one parameter per share), draws respondents
with them, and then exchanges borderline respondents until the weighted shares of the drawn answers are within the
recipe's reach. Same recipe, same bytes.
"""
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from barometer.lots import REACH, RecipeError, draw_answers, draw_sample
from barometer.parameters import resolve_data
from barometer.questionnaire import read_questionnaire
from barometer.seal import seal_cards
from barometer.variables import Variables
from barometer.yaml_files import read_yaml

SECTOR_REACH = 1.5    # percentage points that a sector's drawn share may lie from its expected one


class Answers:
    """The answers drawn so far, and the true/false variables that later steps refer to."""

    def __init__(self, registry, sample, population, rng):
        background = population.set_index("stratum").loc[sample["stratum"], ["sector", "field", "size"]]
        empty = pd.DataFrame(None, index=sample.index, columns=registry.columns, dtype=object)
        self.table = pd.concat([sample, background.reset_index(drop=True), empty], axis=1)
        self.registry, self.rng, self.weight, self.latent = registry, rng, sample["weight"].to_numpy(), {}

    def find(self, expression):
        """Booleans for `a & !b & c`: names of the recipe (`_x`), of the registry, or background."""
        found = np.ones(len(self.table), bool)
        for term in str(expression).split("&"):
            name, negated = term.strip().removeprefix("!"), term.strip().startswith("!")
            value = self.latent[name] if name in self.latent else Variables(self.registry, self.table).is_true(name)
            found &= ~value if negated else value
        return found

    def apply(self, step):
        """Carry out one step of the recipe."""
        if "rest" in step:
            self._rest(step["rest"], step.get("among", "all"))
        elif "give" in step:
            self._write(step["give"], self.find(step["to"]))
        elif "move" in step:
            self._move(step["move"], step["to"], step["share"])
        else:
            self._draw(step["draw"], step)

    def _draw(self, name, step):
        eligible, base = self._eligible(name, step)
        forced = eligible & self._unticked(name) if step.get("fill") else np.zeros(len(base), bool)
        forced |= self.find(step["force"]) if "force" in step else False
        rows, targets = self._constraints(step, base, eligible)
        # A share is reached by making its group likelier to answer so; a count besides by letting weight matter.
        steers = rows > 0
        if "count" in step:
            steers = np.vstack([steers[:-1], np.log(self.weight / self.weight.mean())])
        score = self._score(step)
        try:
            drawn = draw_answers(score, rows, steers, targets, eligible, forced, self.rng, self._balance(base))
        except RecipeError as error:
            raise RecipeError(f"{name}: {error}") from None
        self._write(name, drawn)

    def _eligible(self, name, step):
        base = self.find(step.get("base") or (self.registry.asked(name) if not name.startswith("_") else "all"))
        eligible = base & self.find(step.get("among", "all"))
        if not name.startswith("_"):
            condition = self.registry.parse(name)
            question = self.registry.questions[condition.question]
            if question.kind == "multiple":
                ticks = self.table[question.columns].eq(1)
                exclusive = [f"{question.id}_{item}" for item in question.exclusive]
                full = ticks[exclusive].any(axis=1) | (ticks.sum(axis=1) >= (question.max or len(question.items)))
                eligible &= ~(full.to_numpy() | (ticks.any(axis=1).to_numpy() & (condition.item in question.exclusive)))
            else:
                eligible &= self.table[condition.column].isna().to_numpy()
        return eligible, base

    def _unticked(self, name):
        question = self.registry.questions[self.registry.parse(name).question]
        return ~self.table[question.columns].eq(1).any(axis=1).to_numpy()

    def _constraints(self, step, base, eligible):
        rows, targets = [], []
        for group, share in step.get("shares", {}).items():
            member = base & self.find(group)
            if not (member & eligible).any():
                raise RecipeError(f"{step['draw']}: ingen kan svare i gruppen {group!r}")
            row = np.where(member, 100 * self.weight / self.weight[member].sum(), 0)
            rows.append(row / REACH)
            targets.append(share / REACH)
        for others, share in step.get("unions", {}).items():
            already = np.any([self.find(other) for other in others.split("|")], axis=0) & base
            row = np.where(base & ~already, 100 * self.weight / self.weight[base].sum(), 0)
            rows.append(row / REACH)
            targets.append((share - 100 * self.weight[already].sum() / self.weight[base].sum()) / REACH)
        if "count" in step:
            rows.append(eligible * 4.0)
            targets.append(step["count"] * 4.0)
        return np.array(rows), np.array(targets)

    def _balance(self, base):
        """Rows that keep each sector's drawn share near its expected one: otherwise exchanges, which reach the targets
        best with small weights, would gather in the sector whose weights are smallest."""
        members = [base & self.find(f"sector={sector}") for sector in self.registry.background["sector"]["answers"]]
        totals = [max(self.weight[member].sum(), 1) for member in members]
        shares = [100 * self.weight * m / total for m, total in zip(members, totals, strict=True)]
        return np.array(shares) / SECTOR_REACH

    def _score(self, step):
        score = self.rng.normal(scale=0.5, size=len(self.table))
        for group, effect in step.get("effects", {}).items():
            score += effect * self.find(group)
        return score

    def _write(self, name, drawn):
        if name.startswith("_"):
            self.latent[name] = drawn
            return
        condition = self.registry.parse(name)
        question = self.registry.questions[condition.question]
        column = self.table[condition.column].copy()
        if question.kind == "multiple":
            column[self.find(question.asked) & column.isna().to_numpy()] = 0
            column[drawn] = 1
        else:
            column[drawn] = condition.answers[0]
        self.table[condition.column] = column

    def _move(self, name, answer, share):
        here = self.find(name)
        row = np.where(here, 100 * self.weight / self.weight[here].sum(), 0)[None] / REACH
        score = self.rng.normal(scale=0.5, size=len(here))
        drawn = draw_answers(score, row, row > 0, np.array([share / REACH]), here, np.zeros(len(here), bool), self.rng)
        column = self.registry.parse(name).column
        self.table[column] = self.table[column].mask(drawn, answer)

    def _rest(self, name, among):
        condition = self.registry.parse(name)
        question = self.registry.questions[condition.question]
        rows = self.find(question.asked) & self.find(among)
        column = self.table[condition.column].copy()
        if question.kind == "multiple":
            column[rows & self._unticked(name)] = 1
            column[rows & column.isna().to_numpy()] = 0
        else:
            column[rows & column.isna().to_numpy()] = condition.answers[0]
        self.table[condition.column] = column


def draw_survey(folder):
    """The microdata of a survey folder, drawn by its recipe: one row per respondent, columns as the registry says."""
    recipe = read_yaml(folder / "synthetic.yaml")
    registry = read_questionnaire(folder / "questionnaire.yaml")
    population = pd.read_csv(folder / "population.csv")
    rates = recipe["rates"]
    population["rate"] = population["size"].map(rates["size"]) * population["field"].map(rates["field"])
    rng = np.random.default_rng(recipe["seed"])
    answers = Answers(registry, draw_sample(population, recipe["respondents"], rng), population, rng)
    for step in recipe["steps"]:
        for value in step.get("for", [None]):
            answers.apply(_fill_in(step, value) if value else step)
    return answers.table[["id", "stratum", "weight", *registry.columns]]


def _fill_in(step, value):
    if isinstance(step, dict):
        return {_fill_in(key, value): _fill_in(entry, value) for key, entry in step.items() if key != "for"}
    return step.replace("$", value) if isinstance(step, str) else step


def write_survey(folder):
    """Draw, write `microdata.csv` and put its checksum on its card. Returns the checksum."""
    table = draw_survey(folder)
    table["weight"] = table["weight"].map("{:.10g}".format)
    content = table.to_csv(index=False, lineterminator="\n").encode()
    (folder / "microdata.csv").write_bytes(content)
    return seal_cards(folder)["microdata.csv"]


def main():
    """Draw the microdata of the folder named on the command line (default: barometer-2020)."""
    folder = Path(resolve_data(sys.argv[1] if len(sys.argv) > 1 else "barometer-2020"))
    checksum = write_survey(folder)
    sys.stdout.write(f"{folder.name}/microdata.csv  sha256 {checksum}\n")


if __name__ == "__main__":
    main()
