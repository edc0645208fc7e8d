"""Files as people write them and programs leave them, read strictly and written whole or not."""
