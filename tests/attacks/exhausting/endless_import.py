"""Never return from being imported."""

import time

time.sleep(3600)
