"""`python -m barometer release`: a folder of reports has been published, or is so no longer."""
