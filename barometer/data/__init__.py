"""A survey's folder: its registry, cards and answers, and every fault that they can have, told at
once. Hands on `Files`.
"""
