"""What is run by itself: a run and what it writes on the screen, `seal`, `synthetic`."""
