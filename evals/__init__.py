"""Measuring what the extractor gets right: gold set, scores, benchmarks, peers."""
