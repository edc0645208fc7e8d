"""True/false variables by name (see docs/design.md, "Names of variables"), computed from a table of answers."""
import numpy as np


class Variables:
    """The variables of one table of answers, computed when asked for and remembered.

    `answers` has one row per respondent: the registry's answer columns, and `sector`, `field` and `size`. `known`:
    variables that are given (arrays of n) and not computed from the answers.
    """

    def __init__(self, registry, answers, known=()):
        self.registry, self.answers = registry, answers
        self._known = {name: np.array(values, dtype=float) for name, values in dict(known).items()}

    def indicator(self, name):
        """Array of n numbers: 1 where `name` is true, 0 where it is not, nan outside its base."""
        if name not in self._known:
            if name == "all":
                self._known[name] = np.ones(len(self.answers))
            elif name.startswith("!"):
                self._known[name] = 1 - self.indicator(name[1:])
            elif name in self.registry.derived:
                self._known[name] = self._derive(self.registry.derived[name])
            else:
                self._known[name] = self._match(self.registry.parse(name))
            self._known[name].flags.writeable = False
        return self._known[name]

    def is_true(self, name):
        """Array of n booleans: true where `name` is, false elsewhere and outside its base."""
        return self.indicator(name) == 1

    def _match(self, condition):
        column = self.answers[condition.column]
        matched = column.isin(condition.answers).to_numpy(float)
        matched[column.isna().to_numpy()] = np.nan
        return matched

    def _derive(self, derived):
        parts = np.stack([self.indicator(part) for part in derived.parts])
        enough = (parts == 1).sum(axis=0) >= derived.at_least
        value = (~enough if derived.negated else enough).astype(float)
        outside = ~self.is_true(derived.among) if derived.among else np.isnan(parts).any(axis=0)
        value[outside] = np.nan
        return value
