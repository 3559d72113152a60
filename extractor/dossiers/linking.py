"""From reports to dossiers: read once, kept in a temporary file, gone through in the order of days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from extractor.dossiers.blocking import groups
from extractor.dossiers.clustering import clusters, linkage_of_scipy
from extractor.dossiers.dossier import dossier
from extractor.dossiers.features import features
from extractor.dossiers.schema import Dossier
from extractor.dossiers.spool import Spool
from extractor.dossiers.telling import Teller, article
from extractor.errors import InputError
from extractor.export.view import View
from extractor.schema import Report


def link(reports: Iterable[Report]) -> Iterator[Dossier]:
    """Dossiers of the events that reports tell of: each incident in exactly one, in the order of their days.

    The order of the reports is of no matter. Memory holds the incidents of some days at a time, not the reports; they
    are kept in a temporary file. Nothing is known but what the reports say: incidents are compared by their days,
    places, types, sides, weapons, tolls and the sentences that tell of them, and names by their spelling.

    Args:
        reports: Of different articles; `text` may be left out. Only documents with a date, or incidents with dates
            that are resolved, can be placed in time.

    Raises:
        InputError: A report has no document, or a document id or an incident id is there twice.
        SettingsError: scipy is not installed.
        OutputError: The temporary file cannot be written.
    """
    linkage_of_scipy()
    with Spool() as spool:
        for number, report in enumerate(reports, 1):
            _keep(report, number, spool)
        for group in groups(spool.in_order_of_days()):
            for members in clusters(group):
                yield dossier(members, spool.tellings(members), group)


def _keep(report: Report, number: int, spool: Spool) -> None:
    info = report.document
    if info is None:
        raise InputError(f"report {number} does not say which article it is of: it has no document")
    document = info.id or info.sha256
    spool.add_report(document, number)
    view = View(report)
    teller = Teller(view, article(report, document))
    seen: set[str] = set()
    for incident in report.incidents:
        if incident.id in seen:
            raise InputError(f'report {number}, of document "{document}", holds two incidents "{incident.id}"')
        seen.add(incident.id)
        spool.add(features(document, incident, view), teller.tell(incident))
