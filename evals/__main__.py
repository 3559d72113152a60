"""`python -m evals`."""

from evals.cli.app import main

main()
