"""Plots as SVG to be set into the page; colours are the page's own variables, so that they follow light and dark."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

Row = Mapping[str, Any]
Spec = dict[str, Any]

_WIDTH = 225
"""Pixels of a plot without its labels: narrow enough for a phone."""
_CONFIG: Spec = {
    "background": None,
    "font": "system-ui, sans-serif",
    "view": {"stroke": None},
    "padding": {"left": 14, "right": 8, "top": 4, "bottom": 4},
    "axis": {
        "labelColor": "var(--ink)", "titleColor": "var(--soft)", "gridColor": "var(--line)", "labelFontSize": 11,
        "titleFontSize": 11, "titleFontWeight": "normal", "domain": False, "ticks": False, "labelPadding": 6,
        "labelLimit": 160, "labelFlush": False, "labelOverlap": "greedy",
    },
    "legend": {
        "labelColor": "var(--ink)", "title": None, "orient": "top", "labelFontSize": 11, "symbolOpacity": 1,
        "symbolStrokeWidth": 0, "offset": 4,
    },
    "header": {"labelColor": "var(--soft)", "title": None, "labelFontSize": 11},
    "axisY": {"grid": False, "minExtent": 138},
}  # fmt: skip
_SERIES = [f"var(--series-{number})" for number in range(1, 7)]
_SHAPES = ["circle", "square", "diamond", "triangle-up", "triangle-down", "cross"]


def intervals(rows: Sequence[Row], title: str, *, unit: bool = True) -> Markup:
    """A line of dots with their intervals for each `name`, a colour and shape for each `series`.

    Rows hold name, series, value, low and high; `unit` sets the axis to 0 to 1.
    """
    names = list(dict.fromkeys(row["name"] for row in rows))
    series = list(dict.fromkeys(row["series"] for row in rows))
    x: Spec = {"type": "quantitative", "title": None, "axis": {"tickCount": 5}}
    x["scale"] = {"domain": [0, 1]} if unit else {"zero": True, "nice": True}
    shared: Spec = {
        "y": {"field": "name", "type": "nominal", "sort": names, "title": None},
        **_coloured(series),
    }
    if len(series) > 1:
        shared["yOffset"] = {"field": "series", "type": "nominal", "sort": series}
    height = max(18, 8 * len(series) + 6)
    return svg(
        {
            "description": title,
            "width": _WIDTH,
            "height": {"step": height, "for": "position"},
            "data": {"values": [{**row, "told": _told(row)} for row in rows]},
            "encoding": shared,
            "layer": [
                {
                    "mark": {"type": "rule", "strokeWidth": 2, "opacity": 0.55, "aria": False},
                    "encoding": {"x": x | {"field": "low"}, "x2": {"field": "high"}},
                },
                {
                    "mark": {"type": "point", "filled": True, "opacity": 1, "size": 36},
                    "encoding": {"x": x | {"field": "value"}, "description": {"field": "told"}, **_shaped(series)},
                },
            ],
        }
    )


def differences(rows: Sequence[Row], title: str) -> Markup:
    """Differences with their intervals about a line of no difference; rows hold name, value, low and high."""
    names = [row["name"] for row in rows]
    x: Spec = {"type": "quantitative", "title": None, "axis": {"tickCount": 5, "format": "+.2~f"}}
    return svg(
        {
            "description": title,
            "width": _WIDTH,
            "height": {"step": 20},
            "data": {"values": [{**row, "told": _told(row)} for row in rows]},
            "encoding": {"y": {"field": "name", "type": "nominal", "sort": names, "title": None}},
            "layer": [
                {
                    "mark": {"type": "rule", "color": "var(--soft)", "aria": False},
                    "data": {"values": [{}]},
                    "encoding": {"x": {"datum": 0, "type": "quantitative"}, "y": None},
                },
                {
                    "mark": {"type": "rule", "strokeWidth": 2, "opacity": 0.55, "color": _SERIES[0], "aria": False},
                    "encoding": {"x": x | {"field": "low"}, "x2": {"field": "high"}},
                },
                {
                    "mark": {"type": "point", "filled": True, "opacity": 1, "size": 36, "color": _SERIES[0]},
                    "encoding": {"x": x | {"field": "value"}, "description": {"field": "told"}},
                },
            ],
        }
    )


def scatter(rows: Sequence[Row], across: str, up: str) -> Markup:
    """Runs by what they take and how good they are; rows hold name, across, value, low and high."""
    x: Spec = {"field": "across", "type": "quantitative", "title": across, "scale": {"zero": True, "nice": True}}
    x["axis"] = {"tickCount": 4, "format": ",.6~g"}
    y: Spec = {
        "type": "quantitative",
        "title": up,
        "scale": {"domain": [0, 1]},
        "axis": {"grid": True, "tickCount": 5, "minExtent": 24},
    }
    return svg(
        {
            "description": f"{up} by {across}",
            "width": 270,
            "height": 210,
            "data": {"values": [{**row, "told": _told(row)} for row in rows]},
            "encoding": {"x": x},
            "layer": [
                {
                    "mark": {"type": "rule", "strokeWidth": 2, "opacity": 0.55, "color": _SERIES[0], "aria": False},
                    "encoding": {"y": y | {"field": "low"}, "y2": {"field": "high"}},
                },
                {
                    "mark": {"type": "point", "filled": True, "opacity": 1, "size": 50, "color": _SERIES[0]},
                    "encoding": {"y": y | {"field": "value"}, "description": {"field": "told"}},
                },
                {
                    "mark": {
                        "type": "text", "dx": 9, "align": "left", "fontSize": 12, "fontWeight": "bold",
                        "color": "var(--ink)", "aria": False,
                    },
                    "encoding": {"y": y | {"field": "value"}, "text": {"field": "name"}},
                },
            ],
        }
    )  # fmt: skip


def svg(spec: Spec) -> Markup:
    """A Vega-Lite plot as SVG, without style attributes, which the page's policy forbids, and without addresses."""
    import vl_convert

    schema = "https://vega.github.io/schema/vega-lite/v5.json"
    drawn: str = vl_convert.vegalite_to_svg({"$schema": schema, **spec, "config": _CONFIG}, allowed_base_urls=[])
    bare = re.sub(r' xmlns(?::\w+)?="[^"]*"', "", drawn).removeprefix("<svg ")
    named = Markup('<svg role="group" aria-label="{}" ').format(spec["description"])
    return named + Markup(bare)  # noqa: S704  Vega escapes the names that stand in it


def _coloured(series: Sequence[str]) -> Spec:
    legend = None if len(series) == 1 else {"symbolSize": 60}
    scale = {"domain": series, "range": [_SERIES[i % len(_SERIES)] for i in range(len(series))]}
    return {"color": {"field": "series", "type": "nominal", "scale": scale, "legend": legend}}


def _shaped(series: Sequence[str]) -> Spec:
    legend = None if len(series) == 1 else {"symbolSize": 60}
    scale = {"domain": series, "range": [_SHAPES[i % len(_SHAPES)] for i in range(len(series))]}
    return {"shape": {"field": "series", "type": "nominal", "scale": scale, "legend": legend}}


def _told(row: Row) -> str:
    series = f" {row['series']}" if row.get("series") else ""
    return f"{row['name']}{series}: {row['value']:.3f} ({row['low']:.3f} to {row['high']:.3f})"
