"""What is run by itself: `python -m barometer seal`, `synthetic`."""
