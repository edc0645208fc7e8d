"""A survey checked before it is sealed: every fault at once, as text, as a page for the supplier,
and as the validation report of the European Statistical System (JSON).

`finding.py` finds them, `writing.py` writes them, `repairs.py` mends what cannot change an answer.
"""
