"""An int subclass whose __float__, __index__ and __round__ disagree with its value."""


class Liar(int):
    calls = 0

    def __float__(self):
        type(self).calls += 1
        return 2.0 * self.calls

    def __index__(self):
        return 7

    def __round__(self, digits=None):
        return 0

    def __sub__(self, other):
        return 0


def double(x):
    return Liar(3)
