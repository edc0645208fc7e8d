"""Figures and tables: picture, alternative text, note and table from one `Released`."""
