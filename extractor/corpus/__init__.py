"""Many articles: read in a stream, extracted by a sliding pool, journaled so that nothing is lost or paid for twice."""

from extractor.corpus.article import Article, Columns, Entry
from extractor.corpus.budget import Budget
from extractor.corpus.reading import Corpus, open_corpus
from extractor.corpus.runner import run
from extractor.corpus.settings import Batching, Choice
from extractor.corpus.summary import Summary

__all__ = ["Article", "Batching", "Budget", "Choice", "Columns", "Corpus", "Entry", "Summary", "open_corpus", "run"]
