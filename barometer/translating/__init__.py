"""Catalogues of translations: which texts there are to translate, catalogues brought up to date
with them, and what is wrong with a translation.
"""
