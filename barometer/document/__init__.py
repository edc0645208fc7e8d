"""Executed chapters become one document, as plain data: what of them is kept and published, texts,
figures and tables in order, and what the report says of itself.
"""
