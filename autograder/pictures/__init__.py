"""Pictures that more than one assignment draws; matplotlib and networkx are needed here and nowhere else."""
