"""Executed chapters become one document, and that a web page, a PDF, a workbook and files of
numbers.
"""
