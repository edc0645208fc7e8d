"""What is run by itself: a run and what it tells, `seal`, `synthetic`."""
