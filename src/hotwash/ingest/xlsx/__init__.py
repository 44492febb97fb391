"""Excel workbooks as they are stored: parts of a ZIP archive, sheets of cells, numbers with their formats."""
