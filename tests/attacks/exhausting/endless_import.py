"""Never return from being imported."""

import time

LONG = True

time.sleep(3600)
