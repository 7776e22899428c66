"""Can be run as a program: a main, its arguments, and checks of its own below."""

import argparse
import doctest
import sys
import unittest


def central_difference(f, *vals, arg=0, epsilon=1e-6):
    """Approximate a slope.

    >>> round(central_difference(lambda x: x * x, 3.0), 6)
    6.0
    """
    x_above, x_below = list(vals), list(vals)
    x_above[arg] = vals[arg] + epsilon
    x_below[arg] = vals[arg] - epsilon
    return (f(*x_above) - f(*x_below)) / (2 * epsilon)


class TestSlope(unittest.TestCase):
    def test_square(self):
        self.assertAlmostEqual(central_difference(lambda x: x * x, 3.0), 6.0)


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("at", type=float)
    asked = parser.parse_args(arguments)
    print(central_difference(lambda x: x**3, asked.at))
    return doctest.testmod().failed


assert main(["2.0"]) == 0
assert (
    unittest.TextTestRunner().run(unittest.defaultTestLoader.loadTestsFromTestCase(TestSlope)).wasSuccessful()
)

if __name__ == "__main__":
    sys.exit(main())

MODULE = "central_difference"
