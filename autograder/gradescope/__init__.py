"""The course on Gradescope: the zip that its autograders are made of, and what runs in their container."""
