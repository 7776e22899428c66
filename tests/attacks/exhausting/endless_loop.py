"""Never return, in a loop that holds the interpreter."""


def double(x):
    while True:
        pass
