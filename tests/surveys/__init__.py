"""Surveys that nobody has prepared for the program; `make_surveys.py` says how they were made."""

from pathlib import Path

DATA = Path(__file__).parent / "data"
