"""A survey's folder: registry, cards, answers and every fault of them. Hands on `Files`."""
