"""English date words that fix no days, and why: no interval is invented for them."""

import re

_COUNTED = r"(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?)"
_ANOTHER_EVENT = (
    rf"\b{_COUNTED} (?:later|earlier|before(?! yesterday)|after(?! tomorrow)|afterwards?)\b",
    r"\b(?:next|following|previous|same|that) (?:day|morning|afternoon|evening|night)\b",
    r"\blater (?:in|on) (?:the|that) day\b",
    r"\bthat (?:week|month|year)\b",
    r"\bthe (?:same|following|previous) \w+",
    r"\bthe (?:day|night) (?:before|after)\b(?! (?:yesterday|last|tomorrow))",
)
_ROUGHLY = r"(?:about|around|approximately|roughly|nearly|almost|over|more than|less than|at least|circa|c\.)"
_APPROXIMATE = (rf"\b{_ROUGHLY} (?!the (?:past|last|next|weekend))(?:\w+ )*?(?:{_COUNTED}|\d|[a-z]+day)\b",)
_UNBOUNDED = (
    r"\b(?:recent(?:ly)?|previous(?:ly)?|lately|soon|formerly|currently|ongoing|coming|several|few|many|some)\b",
    r"\b(?:couple|once|now|already|still|long ago|shortly|immediately)\b",
    r"^(?:earlier|later|then)$",
)
_REASONS = tuple(
    (reason, re.compile("|".join(patterns)))
    for reason, patterns in (
        ("counts from another event, not from the document's date", _ANOTHER_EVENT),
        ("only approximate", _APPROXIMATE),
        ("gives no bounds", _UNBOUNDED),
        (
            "a recurring day",
            (r"\b(?:every|each|daily|weekly|monthly|(?:mon|tues|wednes|thurs|fri|satur|sun)days)\b",),
        ),
        (
            "a season or feast, not a date",
            (r"\b(?:spring|summer|autumn|winter|ramadan|christmas|easter|eid|thanksgiving)\b",),
        ),
        ("has no beginning", (r"^(?:by|before|until|till|up to|prior to)\b",)),
        ("has no end", (r"^(?:after|following|starting|beginning)\b",)),
        ("before the common era", (r"\bb\.?c\b",)),
        ("which night is unclear", (r"\bovernight\b.+|.+\bovernight\b",)),
    )
)


def why_no_days(text: str) -> str | None:
    """Why `text` (plain English date words) fixes no days; None when nothing speaks against it."""
    return next((reason for reason, pattern in _REASONS if pattern.search(text)), None)
