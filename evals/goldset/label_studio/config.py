"""The labelling configuration of a Label Studio project."""

from xml.etree import ElementTree as ET

from evals.goldset.label_studio.vocabulary import (
    ABOUT,
    ARTICLE_FIELDS,
    COLOURS,
    CONTROLS,
    IS,
    PART_OF,
    RIVALS,
    SAID_IN,
    SPAN,
    TEXT,
    Control,
)

_HOW = (
    "Mark actors, incidents and claims (the words of a claim's content); mark their parts, and draw a relation from "
    "each part to the whole. Relations need a name only between two claims."
)


def labelling_config() -> str:
    """The XML to paste into the project's labelling interface."""
    view = ET.Element("View")
    ET.SubElement(view, "Style").text = ".htx-text { white-space: pre-wrap; }"  # keeps line breaks
    ET.SubElement(view, "Header", value=_HOW, size="6")
    relations = ET.SubElement(view, "Relations", choice="multiple")
    for name in (PART_OF, IS, SAID_IN, ABOUT, *RIVALS):
        ET.SubElement(relations, "Relation", value=name)
    labels = ET.SubElement(view, "Labels", name=SPAN, toName=TEXT)
    for name, colour in COLOURS.items():
        ET.SubElement(labels, "Label", value=name, background=colour)
    ET.SubElement(view, "Text", name=TEXT, value=f"${TEXT}")
    for label in dict.fromkeys(control.label for control in CONTROLS):
        part = ET.SubElement(
            view, "View", visibleWhen="region-selected", whenTagName=SPAN, whenLabelValue=label
        )  # fmt: skip
        for control in CONTROLS:
            if control.label == label:
                _add(part, control)
    article = ET.SubElement(view, "View", visibleWhen="no-region-selected")
    for name, (_, title) in ARTICLE_FIELDS.items():
        ET.SubElement(article, "Header", value=title, size="6")
        ET.SubElement(article, "TextArea", name=name, toName=TEXT, maxSubmissions="1", editable="true")
    ET.indent(view)
    return ET.tostring(view, encoding="unicode") + "\n"


def _add(view: ET.Element, control: Control) -> None:
    ET.SubElement(view, "Header", value=control.title, size="6")
    common = {"name": control.name, "toName": TEXT, "perRegion": "true"}
    if not control.values:
        ET.SubElement(view, "TextArea", common, maxSubmissions="1", editable="true")
        return
    how = "multiple" if control.multiple else "single"
    choices = ET.SubElement(view, "Choices", common, choice=how, showInline="true")
    for value in control.values:
        ET.SubElement(choices, "Choice", value=value)
