"""A value whose type and contents change between the look and the copy."""


class One:
    def __float__(self):
        return 1.0


class Two(One):
    def __getattribute__(self, name):
        if name == "__class__":
            return float
        object.__setattr__(self, "__class__", One)
        return object.__getattribute__(self, name)


class Growing(dict):
    def items(self):
        self[len(self)] = 0
        return dict.items(self)


def double(x):
    return Two() if x > 0 else Growing(a=One())
