"""Asking a model: the client, what it costs, and the model that runs on this machine."""
