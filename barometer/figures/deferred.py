"""Parts of scipy that seaborn imports and no chapter uses, imported when somebody does.

seaborn 0.13 takes two names from them, for density curves and trees of clusters: a third of a
chapter's imports.
"""

import sys
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType


class _Later(ModuleType):
    """A module that is imported the first time something in it is asked for."""

    def __getattr__(self, name):
        if name.startswith("__"):  # Python's own questions about a module are no use of it
            raise AttributeError(name)
        # somebody needs it at once, perhaps in another thread
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


def _estimate_density(*arguments, **options):
    return import_module("scipy.stats").gaussian_kde(*arguments, **options)


@contextmanager
def put_off():
    """While seaborn is imported: stand-ins for what it takes from `scipy.stats` and
    `scipy.cluster`.
    """
    stand_ins = {
        "scipy.stats": ("gaussian_kde", _estimate_density),
        "scipy.cluster": ("hierarchy", _Later("scipy.cluster.hierarchy")),
    }
    added = {name: _Later(name) for name in stand_ins if name not in sys.modules}
    for name, module in added.items():
        setattr(module, *stand_ins[name])
    sys.modules.update(added)
    try:
        yield
    finally:
        for name, module in added.items():
            if sys.modules.get(name) is module:
                del sys.modules[name]
