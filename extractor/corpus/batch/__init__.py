"""Extracting through the Batch API: what is handed in outlives this process, and the same command collects it."""

from extractor.corpus.batch.engine import BatchEngine
from extractor.corpus.batch.ledger import Ledger
from extractor.corpus.batch.tape import BatchTape

__all__ = ["BatchEngine", "BatchTape", "Ledger"]
