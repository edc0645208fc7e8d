"""What is run by itself: `python -m barometer seal`, `synthetic`; the options of a run."""
