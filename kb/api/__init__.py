"""Asking the base over HTTP: read-only JSON under `/api/v1`, the same functions as everything else."""
