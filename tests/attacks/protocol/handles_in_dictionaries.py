"""Answer a batch with objects in dicts, lists and tuples, where a test may compare one without a truth value."""

MODULE = "greet"


class Thing:
    pass


def greet(name):
    return {"hello": Thing(), name: [Thing(), (Thing(),)]}
