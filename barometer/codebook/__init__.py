"""What a survey asked, in the exchange format of data archives, DDI-Codebook 2.5: written of a
registry (`writing.py`) or of what a report's numbers are on (`released.py`), and read beside a file
of answers that has no labels (`reading.py`).
"""
