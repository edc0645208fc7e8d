"""What is asked for, what is kept from before, and each piece of work in a process of its own."""
