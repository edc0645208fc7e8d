"""Figures in which tones grade: scales to both sides of their middle, and tables of many answers in
many groups with a shade for each share.
"""
