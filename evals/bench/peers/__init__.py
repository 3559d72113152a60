"""This project beside its peers: the same articles, the same server, three systems in one run.

The peers are plain instructor and langextract, each as a user in good faith would set it up for this task and this
model. What was chosen, and for whom it is a benefit:

- One server answers all; it is started once, and no system's prompts are read ahead. The order of the systems turns
  from article to article: what disturbs the machine disturbs all alike. This project asks it as it would any server
  of a user's own, with the plan that suits the model, and without the states of prompts that it keeps on disk for the
  embedded model alone. llama.cpp keeps the beginnings of all three systems' prompts in the same cache.
- Tokens and calls are those that the server counts, taken on their way by one proxy for all. Seconds are those from
  handing over the text to having the result, without imports, without the start of langextract's process and without
  the conversion to a report; for this project they contain all that it works out in code.
- Both peers get the same definitions, the field names of the same schema and worked examples written for this bench;
  temperature 0; answers of up to 4096 tokens; ten minutes a call; bounded lists, so that a small model that repeats
  itself comes to an end. What helped the embedded model was tried on one article of the dev split and kept.
  instructor: JSON-schema mode (the server keeps the model to the schema), `max_retries=2`, one example as compact JSON,
  which saves it a third of the tokens; a second example made it slower and no better. langextract: its OpenAI provider,
  two examples in its own form, an output schema with the closed lists of values, chunks of 500 characters (with its
  default of 1000 the model left claims out or repeated itself), as many calls at a time as the server has slots.
- A quote counts as standing in the text although case, quotation marks, dashes or white space differ; a name is looked
  for nearest to its claim or incident. langextract's own intervals are taken as they are, also where it laid a quote on
  other words of the text (`loose` counts those). What stands nowhere is out of the report and in `not_in_text`.
  Placeholders such as "unknown" count as nothing said. A claim whose source is not in the text keeps its content (right
  for content F1, wrong for claims F1). What is said twice in the same places counts once.
- Dates, bounds of tolls, countries, relations to places and the ties of values to claims are worked out for the peers
  with this project's code: they are asked for words only, and lose nothing by that. Evidence is widened to sentences.
- A system that fails on an article has an empty report there, and the failure is told with its reason.
"""

from evals.bench.peers.by_instructor import PlainInstructor
from evals.bench.peers.by_langextract import LangExtract
from evals.bench.peers.by_project import Project
from evals.bench.peers.run import Scorer, run
from evals.bench.peers.system import SYSTEMS, Result, Server, System, SystemName
from evals.bench.peers.table import Score, Totals, table

__all__ = [
    "SYSTEMS", "LangExtract", "PlainInstructor", "Project", "Result", "Score", "Scorer", "Server", "System",
    "SystemName", "Totals", "run", "table",
]  # fmt: skip
