"""Plain lists and tuples with a lying number deep inside."""


class Zero(float):
    def __eq__(self, other):
        return True

    def __sub__(self, other):
        return Zero()

    def __abs__(self):
        return Zero()

    def __le__(self, other):
        return True


def double(x):
    return [[(Zero(),)]] if x else (Zero(),)
