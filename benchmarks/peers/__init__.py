"""The graders that courses use today and ours, on the same tests and the same 20 submissions."""
