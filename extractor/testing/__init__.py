"""Testing what is built on this library, offline: answers of a real model, recorded once and replayed.

A test that asks for the fixture `cassette` is answered from a file beside it, `cassettes/MODULE/TEST.json`, which
`pytest --record-cassettes` writes. pytest finds the plugin by itself (`extractor.testing.plugin`); it needs the extra
`testing`.
"""

from extractor.testing.model import Cassette, Live, Mismatch

__all__ = ["Cassette", "Live", "Mismatch"]
