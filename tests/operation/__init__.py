"""The installation as its operator meets it: probes, logs, backup, upgrade, settings, the reverse proxy."""
