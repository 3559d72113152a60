"""Incidents and attributed claims from news reports, every value traceable to the article's own words."""

__version__ = "0.1.0"
