"""A file of answers that somebody else has laid out.

It is read with its labels (`source.py`), each column is described (`columns.py`), its answers are
put in order (`ordering.py`), and its part in the survey is guessed (`roles.py`). Columns of days
give the last one (`dates.py`).
"""
