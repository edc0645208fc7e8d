"""What leaves a project and what comes back: `python -m barometer release`, a folder of reports has
been published or is so no longer; `publish`, which prepares it and has it approved; `merge`, the
edited text of a report.
"""
