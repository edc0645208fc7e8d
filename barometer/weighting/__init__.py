"""Weights made of a survey's own card: what its field `weighting` says, the steps
(post-stratification, raking, calibration, trimming) with the faults they can have, and the design
whose errors count what weights were fitted to.
"""
