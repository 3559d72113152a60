"""Every error this project raises, with the exit code the command line gives it.

Exit codes: 0 done, 1 the extraction failed, 2 the command line or input is unusable, 3 a score gate was missed, 4 the
budget of a run is spent.
"""


class ExtractorError(Exception):
    """Base of all errors of this project; its text is one clear line for the user."""

    exit_code = 1


class InputError(ExtractorError):
    """The text, file, URL or document data given cannot be used as it is."""

    exit_code = 2


class SettingsError(ExtractorError):
    """A setting, option or environment variable is missing or makes no sense."""

    exit_code = 2


class PromptError(ExtractorError):
    """A prompt file is missing, malformed, or wants a variable that it was not given."""

    exit_code = 2


class SchemaError(ExtractorError):
    """A user's schema uses the pointer types in a way that cannot be grounded."""

    exit_code = 2


class WeightsError(ExtractorError):
    """The embedded model's weights could not be fetched, read or verified."""


class WeightsMismatch(WeightsError):
    """A file of weights does not have the pinned sha256; it was not kept."""


class ModelError(ExtractorError):
    """The model or its server gave no usable answer."""


class ConnectionFailed(ModelError):
    """The server could not be reached, or the connection broke, on every attempt."""


class KeyRefused(ModelError):
    """The server answered 401 or 403: the key is missing, wrong, or not allowed this model."""


class RequestRefused(ModelError):
    """The server answered another 4xx: it will not take this request however often it is sent."""


class ContextTooShort(RequestRefused):
    """The server said that the request is longer than the model's context."""


class RateLimited(ModelError):
    """The server kept answering 429 until the attempts ran out."""


class QuotaUsedUp(RateLimited):
    """The account's quota is used up: no wait will help, and no other article fares better."""


class ServerFailed(ModelError):
    """The server kept answering 5xx until the attempts ran out."""


class ModelRefused(ModelError):
    """The model declined to answer."""


class ContentFiltered(ModelError):
    """The provider's content filter withheld the answer."""


class UnusableAnswer(ModelError):
    """The answer was not JSON of the schema asked for, even after it was asked again."""


class OutputError(ExtractorError):
    """The result could not be written where it was to go."""


class ClusterFailed(ExtractorError):
    """The cluster that was to extract could not be reached or started, or broke off."""


class GateMissed(ExtractorError):
    """A score is below what was asked of it, or one run is worse than another."""

    exit_code = 3
