"""Leave while the module is being imported, with an exit code of our choice."""

raise SystemExit("passed")
