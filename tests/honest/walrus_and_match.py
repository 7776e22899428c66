"""Uses the walrus, match, positional-only parameters, f-strings and unpacking."""


def moved(vals, arg, by, /):
    match (list(vals), arg):
        case [[x], 0]:
            return [x + by]
        case [[x, *rest], 0]:
            return [x + by, *rest]
        case [[x, *rest], int(i)] if i > 0:
            return [x, *moved(rest, i - 1, by)]
        case other:
            raise ValueError(f"no such argument: {other!r}")


def central_difference(f, *vals, arg=0, epsilon=1e-6):
    if (count := len(vals)) and not 0 <= arg < count:
        raise IndexError(f"{arg=} of {count}")
    above, below = (f(*moved(vals, arg, sign * epsilon)) for sign in (1, -1))
    return (rise := above - below) / (2 * epsilon) if (rise := above - below) is not None else None


MODULE = "central_difference"
