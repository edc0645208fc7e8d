"""What stands in a file of answers that somebody else has laid out.

Each column is described (`columns.py`), its answers are put in order (`ordering.py`), several in
one cell are divided (`cells.py`), and its part in the survey is guessed (`roles.py`). Columns of
days give the last one (`dates.py`).
"""
