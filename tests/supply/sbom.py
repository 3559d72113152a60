"""The software bill of materials of what a user installs, as CycloneDX: `make sbom`.

Components and hashes come from the lock, licences and what needs what from the packages installed here; the embedded
model's weights, which no package manager knows, are among them. The same lock and SOURCE_DATE_EPOCH give the same file.
"""

# pyright: basic, reportCallIssue=false, reportArgumentType=false, reportAttributeAccessIssue=false
# The decorators of cyclonedx hide its classes from type checkers.

import hashlib
import os
import sys
import tomllib
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, Property, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import LicenseAcknowledgement
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL
from packaging.requirements import Requirement

import extractor
from extractor.llm.pinned import embedded_weights
from tests.supply.licences import POLICY, Policy
from tests.supply.lock import ROOT, Pin, canonical, pins, stated_licences

EXTRAS = ("embedded", "evals")
"""What requirements.txt is locked with; see the Makefile."""


def bill(lock: Path, project: dict[str, Any], policy: Policy) -> Bom:
    """The bill of materials of a lock."""
    root = Component(
        name=project["name"],
        version=extractor.__version__,
        type=ComponentType.APPLICATION,
        description=project["description"],
        bom_ref=project["name"],
        licenses=[_licence(project["license"])],
        purl=PackageURL("pypi", None, project["name"], extractor.__version__),
    )
    bom = Bom()
    bom.serial_number = uuid.uuid5(uuid.NAMESPACE_OID, hashlib.sha256(lock.read_bytes()).hexdigest())
    bom.metadata.timestamp = datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", "0")), UTC)
    bom.metadata.component = root
    found = pins(lock)
    components = {pin: _component(pin, policy) for pin in found}
    weights = _weights()
    for component in (*components.values(), weights):
        bom.components.add(component)

    by_name: dict[str, list[Component]] = {}
    for pin, component in components.items():
        by_name.setdefault(pin.name, []).append(component)
    extras = [need for extra in EXTRAS for need in project["optional-dependencies"][extra]]
    bom.register_dependency(root, [*_needed([*project["dependencies"], *extras], by_name), weights])
    for pin, component in components.items():
        package = pin.installed()
        bom.register_dependency(component, _needed((package and package.requires) or (), by_name))
    return bom


def _needed(requirements: Iterable[str], by_name: dict[str, list[Component]]) -> list[Component]:
    """Those of the components that requirements name, for this platform and without extras of theirs."""
    wanted = [Requirement(each) for each in requirements]
    here = [each for each in wanted if not each.marker or each.marker.evaluate({"extra": ""})]
    names = dict.fromkeys(canonical(each.name) for each in here)
    return [component for name in names for component in by_name.get(name, ())]


def _component(pin: Pin, policy: Policy) -> Component:
    purl = PackageURL("pypi", None, pin.name, pin.version)
    package = pin.installed()
    expression = policy.expression(stated_licences(package)) if package else ""
    hashes = [HashType(alg=HashAlgorithm.SHA_256, content=each) for each in pin.sha256]
    return Component(
        name=pin.name,
        version=pin.version,
        bom_ref=str(purl),
        purl=purl,
        licenses=[_licence(expression)] if expression else [],
        external_references=[
            ExternalReference(type=ExternalReferenceType.DISTRIBUTION, url=XsUri(str(purl)), hashes=hashes)
        ],
        properties=[Property(name="python:marker", value=pin.marker)] if pin.marker else [],
    )


def _weights() -> Component:
    weights = embedded_weights()
    return Component(
        name=weights.name,
        type=ComponentType.MACHINE_LEARNING_MODEL,
        description=f"{weights.file}, {weights.size} bytes: fetched at first use, refused unless the hash fits",
        bom_ref=f"weights:{weights.sha256}",
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=weights.sha256)],
        licenses=[_licence(weights.licence)],
        purl=PackageURL("huggingface", *weights.repository.split("/", 1)),
    )


def _licence(expression: str) -> Any:
    return LicenseFactory().make_from_string(expression, license_acknowledgement=LicenseAcknowledgement.DECLARED)


def validated(bom: Bom) -> str:
    """The bill as JSON that the schema of CycloneDX 1.6 accepts."""
    text = JsonV1Dot6(bom).output_as_string(indent=1)
    fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if fault:
        raise ValueError(f"not a valid bill of materials: {fault}")
    return text + "\n"


def main(out: Path) -> None:
    """Writes the bill of requirements.txt."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    bom = bill(ROOT / "requirements.txt", project, Policy(tomllib.loads(POLICY.read_text(encoding="utf-8"))))
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(validated(bom), encoding="utf-8", newline="\n")
    print(f"{out}: {len(bom.components)} components, valid CycloneDX 1.6")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
