"""The one tree of errors that somebody at a keyboard can mend, shown in one line in a notebook."""

_expressed = [str]  # `languages/messages.py`, which needs what is here, adds its own


class BarometerError(ValueError):
    """What a person can mend: its message names what is wrong, where, and the remedy.

    ::

        BarometerError
        ├── CallError            a call in a chapter: a name, a type, an argument      door/
        │   └── MissingName      an attribute that survey or answer does not have      door/
        ├── MissingImport        a name that `from barometer import` does not find     errors
        ├── ContentError         what a chapter shows, and cannot be shown so         errors
        ├── ParameterError       a chapter's parameters, a command's options           parameters
        ├── DataFault            the files of a survey, every fault at once            files/
        ├── RegistryError        a name that questionnaire.yaml does not have          data/
        ├── LonelyStratum        a stratum with one respondent                         statistics/
        ├── NoPlan               cells that no suppression can protect                 suppression/
        │   ├── InTheWay         the same, beside releases that are published          releases/
        │   ├── OtherQuestionnaire  releases of another questionnaire                  releases/
        │   └── ShownAlready     cells to be suppressed that a release shows           releases/
        ├── ReleaseError         a release that cannot be remembered or withdrawn      releases/
        ├── ParcelError          a folder of reports that cannot leave as it is        publishing/
        ├── Standing             earlier reports that may not lie beside new ones      releases/
        ├── NotPlanned           cells in a report that the plan was not made for      disclosure/
        ├── ChapterFailed        a chapter that cannot be run, so that none can seal   tools/
        ├── UnreleasedNumber     a number in a chapter that has passed no gate         verify/
        ├── DocumentError        a notebook that cannot become a part of a report      report/
        ├── Refusal              a run that is refused before anything is executed     run/
        │   └── StrictRefusal    a report with findings, in a strict run               run/
        ├── ChangesError         two runs that cannot be compared                      verify/
        ├── Undecided            what only a person can choose for a new project       drafting/
        └── RecipeError          the recipe of synthetic microdata                     tools/

    In a notebook it is shown without its traceback, as the fault is in the cell and not in the
    program. `DataFault` has a line per fault.
    """

    def _render_traceback_(self):
        """What IPython shows instead of a traceback: a list of lines."""
        return [f"{type(self).__name__}: {_expressed[-1](str(self))}"]


def show_with(translate):
    """Let `translate` of a message be what a notebook shows of it."""
    _expressed.append(translate)


class MissingImport(BarometerError, ImportError):
    """A name that a chapter imports and the program does not have, with the one it has."""


class ContentError(BarometerError):
    """A sentence, a figure or a table of a chapter that cannot be shown as it is."""
