"""Grading on a Dask cluster: the same graders as on one machine, moved by ``distributed`` (an extra).

`engine` and `cluster` are the client's side, `home` and `tasks` a Dask worker's. Nothing here queues,
retries or watches what Dask queues, retries and watches itself.
"""
