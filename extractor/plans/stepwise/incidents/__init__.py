"""The second step: one incident of all the sentences that tell of it. Code alone, from what the model told of each."""

from extractor.plans.stepwise.incidents.found import FoundIncident
from extractor.plans.stepwise.incidents.happenings import NEVER_INITIATORS
from extractor.plans.stepwise.incidents.merging import merge

__all__ = ["NEVER_INITIATORS", "FoundIncident", "merge"]
