"""The shipped survey's answers, drawn after its recipe: they imitate published results."""
