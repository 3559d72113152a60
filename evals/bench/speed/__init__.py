"""Throughput, slow calls, grounding, memory and output tokens, each a ratio measured in one run."""
