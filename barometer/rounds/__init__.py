"""Rounds of a survey: what a measure is called in each and where it breaks, rounds opened together
or known by published numbers alone, changes with their tests, and a line that stops where the
measure does.
"""
