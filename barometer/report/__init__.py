"""Executed chapters become one document, and that a page, a PDF, a workbook and CSV files."""
