"""Hand in source that is nested too deeply for the parser."""

MODULE = "greet"


def greet(name):
    return (
        eval("(" * 5000 + ")" * 5000) or compile("-" * 200_000 + "1", "", "eval") or eval("[" * 99 + "]" * 99)
    )
