"""The evaluation of matching: the next credential, the candidates for a job, stuffed profiles."""
