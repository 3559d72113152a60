"""Articles in: from a file, from standard input, or from a web address."""

from extractor.reading.article import MAX_BYTES, Article, decode
from extractor.reading.read import read

__all__ = ["MAX_BYTES", "Article", "decode", "read"]
