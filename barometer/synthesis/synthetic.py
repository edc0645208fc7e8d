"""Draws the synthetic microdata of a survey folder: `python -m barometer synthetic [FOLDER]`.

The recipe, `synthetic.yaml`, says for each answer how large a weighted share of which group gives
it, and what makes a respondent likelier to give it: other answers, background, and traits that
nobody observes. A draw (`sampling.py`) finds the probabilities that meet all of a step's shares and
draws respondents with them. Same recipe, same bytes.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from barometer import paths
from barometer.data.registry import read_questionnaire
from barometer.data.variables import Variables
from barometer.files.yaml_files import read_yaml
from barometer.parameters import resolve_data
from barometer.synthesis.sampling import REACH, RecipeError, draw_answers, draw_sample, draw_trait
from barometer.tools.seal import seal_cards

# standard deviation of what makes one respondent likelier than another to give an answer,
# unexplained
LUCK = 0.5


class Answers:
    """The answers drawn so far, and the true/false variables that later steps refer to."""

    def __init__(self, registry, sample, population, rng, recipe):
        background = population.set_index("stratum").loc[sample["stratum"], [*registry.background]]
        empty = pd.DataFrame(None, index=sample.index, columns=registry.columns, dtype=object)
        self.table = pd.concat([sample, background.reset_index(drop=True), empty], axis=1)
        self.registry, self.rng, self.weight, self.latent = (
            registry,
            rng,
            sample["weight"].to_numpy(),
            {},
        )
        self.traits = {
            name: draw_trait(kind, len(sample), rng)
            for name, kind in recipe.get("traits", {}).items()
        }
        self.habits, self.spread = recipe.get("habits", {}), recipe.get("differ", {})
        self.parts = {name: pd.factorize(background[name], sort=True)[0] for name in self.spread}

    def find(self, expression):
        """Booleans for `a & !b & c`: names of the recipe (`_x`), of the registry, or background."""
        found = np.ones(len(self.table), bool)
        for term in str(expression).split("&"):
            name, negated = term.strip().removeprefix("!"), term.strip().startswith("!")
            value = (
                self.latent[name]
                if name in self.latent
                else Variables(self.registry, self.table).is_true(name)
            )
            found &= ~value if negated else value
        return found

    def apply(self, step):
        """Carry out one step of the recipe."""
        if "rest" in step:
            self._rest(step["rest"], step.get("among", "all"))
        elif "give" in step:
            self._write(step["give"], self.find(step["to"]))
        elif "any" in step:
            self._write(step["any"], np.any([self.find(name) for name in step["of"]], axis=0))
        elif "move" in step:
            self._move(step["move"], step)
        else:
            self._draw(step["draw"], step)

    def _draw(self, name, step):
        eligible, base = self._eligible(name, step)
        forced = eligible & self._unticked(name) if step.get("fill") else np.zeros(len(base), bool)
        forced |= self.find(step["force"]) if "force" in step else False
        rows, targets, reach = self._constraints(step, base, eligible)
        # A share is reached by making its group likelier to answer so; a count besides by letting
        # weight matter.
        steers = rows > 0
        if "count" in step:
            steers = np.vstack([steers[:-1], np.log(self.weight / self.weight.mean())])
        self._write(
            name, self._draw_lots(name, step, rows, steers, targets, reach, eligible, forced)
        )

    def _draw_lots(self, name, step, rows, steers, targets, reach, eligible, forced):
        try:
            return draw_answers(
                self._score(name, step), rows, steers, targets, reach, eligible, forced, self.rng
            )
        except RecipeError as error:
            raise RecipeError(f"{name}: {error}") from None

    def _eligible(self, name, step):
        base = self.find(
            step.get("base") or (self.registry.asked(name) if not name.startswith("_") else "all")
        )
        eligible = base & self.find(step.get("among", "all"))
        if not name.startswith("_"):
            condition = self.registry.parse(name)
            question = self.registry.questions[condition.question]
            if question.kind == "multiple":
                ticks = self.table[question.columns].eq(1)
                exclusive = [f"{question.id}_{item}" for item in question.exclusive]
                full = ticks[exclusive].any(axis=1) | (
                    ticks.sum(axis=1) >= (question.max or len(question.items))
                )
                eligible &= ~(
                    full.to_numpy()
                    | (ticks.any(axis=1).to_numpy() & (condition.item in question.exclusive))
                )
            else:
                eligible &= self.table[condition.column].isna().to_numpy()
        return eligible, base

    def _unticked(self, name):
        question = self.registry.questions[self.registry.parse(name).question]
        return ~self.table[question.columns].eq(1).any(axis=1).to_numpy()

    def _constraints(self, step, base, eligible):
        """Sums over respondents (k x n), what they must come to, and how far from it they may end:
        percentage points of weight for a share, respondents for a count.
        """
        rows, targets = [], []
        for group, share in step.get("shares", {}).items():
            member = base & self.find(group)
            if not (member & eligible).any():
                raise RecipeError(f"{step['draw']}: ingen kan svare i gruppen {group!r}")
            rows.append(self._weigh(member))
            targets.append(share)
        for others, share in step.get("unions", {}).items():
            already = np.any([self.find(other) for other in others.split("|")], axis=0) & base
            rows.append(np.where(already, 0, self._weigh(base)))
            targets.append(share - self._weigh(base)[already].sum())
        reach = [step.get("reach", REACH)] * len(rows)
        if "count" in step:
            rows.append(eligible.astype(float))
            targets.append(step["count"])
            reach.append(0.25)
        return np.array(rows), np.array(targets, dtype=float), np.array(reach)

    def _weigh(self, member):
        return np.where(member, 100 * self.weight / self.weight[member].sum(), 0)

    def _score(self, name, step):
        """Log-odds of giving the answer, before the shares of the step are met: n numbers."""
        score = self.rng.normal(scale=LUCK, size=len(self.table))
        for group, effect in step.get("effects", {}).items():
            score += effect * self.find(group)
        answer = name.replace("=", ".").rpartition(".")[2]
        for trait, load in (self.habits.get(answer, {}) | step.get("loads", {})).items():
            score += load * self.traits[trait]
        for background, spread in self.spread.items():
            parts = self.parts[background]
            score += self.rng.normal(scale=spread, size=parts.max() + 1)[parts]
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

    def _move(self, name, step):
        here = self.find(name)
        row = self._weigh(here)[None]
        nobody, share = np.zeros(len(here), bool), np.array([float(step["share"])])
        drawn = self._draw_lots(
            step["to"], step, row, row > 0, share, np.array([REACH]), here, nobody
        )
        column = self.registry.parse(name).column
        self.table[column] = self.table[column].mask(drawn, step["to"])

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
    """The microdata of a survey folder, drawn by its recipe: one row per respondent."""
    recipe = read_yaml(folder / "synthetic.yaml")
    registry = read_questionnaire(folder / "questionnaire.yaml")
    population = pd.read_csv(folder / "population.csv")
    population["rate"] = 1.0
    for dimension, rates in recipe["rates"].items():
        population["rate"] *= population[dimension].map(rates)
    rng = np.random.default_rng(recipe["seed"])
    answers = Answers(
        registry, draw_sample(population, recipe["respondents"], rng), population, rng, recipe
    )
    for step in recipe["steps"]:
        every = step.get("for", [""])
        for value in every:
            answers.apply(_fill_in(step, value, every[value] if isinstance(every, dict) else ()))
    return answers.table[["id", "stratum", "weight", *registry.columns]]


def _fill_in(step, value, numbers=()):
    """The step with `value` in place of each `$`, and the first of `numbers` in place of a `$1`
    that stands alone.
    """
    if isinstance(step, dict):
        return {
            _fill_in(key, value): _fill_in(entry, value, numbers)
            for key, entry in step.items()
            if key != "for"
        }
    if isinstance(step, list):
        return [_fill_in(entry, value) for entry in step]
    if not isinstance(step, str):
        return step
    return (
        numbers[int(step[1:]) - 1]
        if step[:1] == "$" and step[1:].isdigit()
        else step.replace("$", value)
    )


def write_survey(folder):
    """Draw, write `microdata.csv` and put its checksum on its card. Returns the checksum."""
    table = draw_survey(folder)
    table["weight"] = table["weight"].map("{:.10g}".format)
    content = table.to_csv(index=False, lineterminator="\n").encode()
    (folder / "microdata.csv").write_bytes(content)
    return seal_cards(folder)["microdata.csv"]


def main(arguments):
    """Draw the microdata of the folder named on the command line (default: the project's own).
    Returns the exit code. Raises `DataFault`, `OSError` or `ValueError`.
    """
    folder = Path(resolve_data(arguments[0] if arguments else paths.name_default()))
    checksum = write_survey(folder)
    sys.stdout.write(f"{folder.name}/microdata.csv  sha256 {checksum}\n")
    return 0
