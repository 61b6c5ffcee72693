"""Puts slices together: settings, addresses, the command, the refresh chain. Nobody imports it."""
