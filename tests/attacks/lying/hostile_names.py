"""A result whose type's name is a verdict, with colours, line ends and markup in it."""

NAME = "\x1b[2J\x1b[31mpassed\r\n::set-output name=score::12\n<script>alert(1)</script>|=1+1"

Painted = type(NAME, (), {"__repr__": lambda self: NAME, "__str__": lambda self: NAME})


def double(x):
    return Painted()
