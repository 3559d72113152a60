"""Templates that other systems predicted, in the formats that they were published in.

- IterX (Chen et al., EACL 2023): JSON lines of {DOCID: [template, ...]}, a line for each document and incident type, to
  be put together.
- GTT (Du, Rush and Cardie, NAACL 2021): one JSON object {NUMBER: {"pred_templates": [template, ...], ...}}, where 30001
  is TST3-MUC4-0001.

A template is {"incident_type", ROLE: [[words, ...], ...]}; roles may be left out.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, TypeAdapter, ValidationError

from evals.bench.lines import lines
from evals.bench.muc4.data import ROLES, Template, template
from extractor.errors import InputError

Predictions = dict[str, list[Template]]
"""By document; a document that is not there has none."""


class _Template(BaseModel):
    incident_type: str
    PerpInd: list[list[str]] = []
    PerpOrg: list[list[str]] = []
    Target: list[list[str]] = []
    Victim: list[list[str]] = []
    Weapon: list[list[str]] = []

    def template(self) -> Template:
        return template(self.incident_type, {role: getattr(self, role) for role in ROLES})


class _GttDocument(BaseModel):
    pred_templates: list[_Template]


_ITERX = TypeAdapter(dict[str, list[_Template]])
_GTT = TypeAdapter(dict[str, _GttDocument])


def read(path: Path) -> Predictions:
    """The predictions in a file of either format.

    Raises:
        InputError: It cannot be read, or is of neither format.
    """
    try:
        content = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from error
    try:
        predictions = _read_gtt(content)
    except (ValidationError, ValueError):
        predictions = _read_iterx(content, path)
    return predictions


def _read_gtt(content: str) -> Predictions:
    found = _GTT.validate_json(content)
    return {_docid(int(number)): [t.template() for t in one.pred_templates] for number, one in found.items()}


def _docid(number: int) -> str:
    """The first digit tells the test set, the last four the document; the first set is MUC-3's."""
    test_set, document = divmod(number, 10_000)
    return f"TST{test_set}-MUC{3 if test_set == 1 else 4}-{document:04d}"


def _read_iterx(content: str, path: Path) -> Predictions:
    predictions: Predictions = {}
    for number, line in lines(content):
        try:
            found = _ITERX.validate_json(line)
        except ValidationError as error:
            raise InputError(
                f"{path}:{number} is neither GTT's format (one JSON object with pred_templates) nor IterX's "
                f"(a line for each document and type): {error.errors(include_url=False)[0]['msg']}"
            ) from error
        for name, templates in found.items():
            predictions.setdefault(name, []).extend(one.template() for one in templates)
    return predictions
