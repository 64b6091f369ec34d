"""Every way the office says no: one class each, with its status and its stable code."""

from __future__ import annotations

from datetime import datetime


class Problem(Exception):
    """Something the caller can understand; pages say it in words, the API as problem details."""

    status = 500
    code = "fault"
    title = "Something went wrong"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or self.title)
        self.detail = detail


class Malformed(Problem):
    """The request is not what this address takes: not JSON, wrong types, unknown fields."""

    status = 400
    code = "malformed"
    title = "The request could not be read"


class FormExpired(Problem):
    """A form came without its token, or from another site."""

    status = 400
    code = "form_expired"
    title = "This form can no longer be sent"


class Invalid(Problem):
    """A form has fields to mend; `fields` names each with what to do."""

    status = 422
    code = "invalid"
    title = "There is something to put right"

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = fields


class NotSignedIn(Problem):
    """No session, or one that ended."""

    status = 401
    code = "not_signed_in"
    title = "Sign in first"


class UnknownDevice(Problem):
    """No token, or one that was never given."""

    status = 401
    code = "device_unknown"
    title = "This device is not enrolled"


class ExpiredDevice(Problem):
    """The token is past its day; what the device holds stays with it until it enrols again."""

    status = 401
    code = "device_expired"
    title = "This device must be enrolled again"


class RevokedDevice(Problem):
    """Someone took this device's access away."""

    status = 401
    code = "device_revoked"
    title = "This device may no longer be used"


class CodeRefused(Problem):
    """An enrolment code that is unknown, used or too old: never said which."""

    status = 403
    code = "code_refused"
    title = "This code is not right, or is no longer good"


class NotAllowed(Problem):
    """Signed in, and this role may not do this."""

    status = 403
    code = "not_allowed"
    title = "You may not do this"


class NotFound(Problem):
    """Not there, or not yours to see: the same answer."""

    status = 404
    code = "not_found"
    title = "Page not found"


class Stale(Problem):
    """It changed since the form was opened; nothing was written."""

    status = 409
    code = "stale"
    title = "There is new information since you opened this page"


class TooLarge(Problem):
    """The body is over this address's limit."""

    status = 413
    code = "too_large"
    title = "That is too large"


class Encoded(Problem):
    """The body is compressed or otherwise encoded: refused, so that nothing can swell."""

    status = 415
    code = "encoded"
    title = "Send the body as it is, without an encoding"


class TooMany(Problem):
    """Tried too often; `until` is when to try again."""

    status = 429
    code = "too_many"
    title = "Too many tries"

    def __init__(self, until: datetime, detail: str = "") -> None:
        super().__init__(detail or "Wait a little before trying again.")
        self.until = until


class Busy(Problem):
    """The database did not take the write in time; sending again is safe."""

    status = 503
    code = "busy"
    title = "The office is busy; send again in a moment"
