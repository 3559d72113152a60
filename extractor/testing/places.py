"""Where the cassette of a test is, from the test's place and name alone."""

import hashlib
import re
from pathlib import Path

FOLDER = "cassettes"

_LONGEST = 100
"""Characters of a file's name: parameters may be whole articles."""


def cassette_file(module: Path, test: str) -> Path:
    """The file for a test, beside its module.

    Args:
        module: The file that holds the test.
        test: Its name there: classes, function and parameters, as in `TestIt::test_this[1]`.
    """
    name = re.sub(r"[^\w.-]+", "-", re.sub(r"\[([\w.-]+)\]$", r"-\1", test.replace("::", "."))).strip("-")
    plain = re.fullmatch(r"[\w.:]+(\[[\w.-]+\])?", test) is not None
    if not plain or len(name) > _LONGEST:
        # What is put into other characters, or cut off, might tell two tests apart.
        name = f"{name[:_LONGEST].rstrip('-')}-{hashlib.sha256(test.encode()).hexdigest()[:8]}"
    return module.parent / FOLDER / module.stem / f"{name}.json"
