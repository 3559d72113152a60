"""Labels to and from Label Studio, so that people label their own articles in a tool they know.

A task shows the article; regions with choices and text fields are the objects of a label, relations between regions tie
parts to their actor, incident or claim. What Label Studio has no place for rides in the task's `data`, and stays with
the regions that it belongs to. Format: https://labelstud.io/guide/task_format.
"""

from evals.goldset.label_studio.config import labelling_config
from evals.goldset.label_studio.tasks import bare_task, export_tasks, import_tasks

__all__ = ["bare_task", "export_tasks", "import_tasks", "labelling_config"]
