"""How a file of answers is laid out: which rows name its columns (`headers.py`), its codes and what
they mean, whatever the format (`source.py`), kept once for each column (`coded.py`).
"""
