"""One document becomes a page, a PDF, a workbook and CSV files, in a report's folder."""
