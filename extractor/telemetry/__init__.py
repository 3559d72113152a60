"""Spans and metrics for OpenTelemetry: documents, calls, retries, tokens, dollars. Off until `enable` is called.

Names are those of the GenAI semantic conventions (github.com/open-telemetry/semantic-conventions-genai as of autumn
2026, in development: they may change), and `extractor.*` where those have none. One operation is one span, its retries
included. No word of an article, a prompt, an answer or an error's text is told, and no key: errors by their class, and
of what a server says only what looks like a model's name.
"""

from extractor.telemetry.calls import Call, call
from extractor.telemetry.documents import DocumentSpan, document
from extractor.telemetry.instruments import disable, enable

__all__ = ["Call", "DocumentSpan", "call", "disable", "document", "enable"]
