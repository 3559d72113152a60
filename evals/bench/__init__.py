"""Adapters that run parts of the extractor against published benchmarks."""
