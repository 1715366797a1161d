"""The tree of errors that the portal raises itself.

PortalError
├── SettingError        a setting that cannot be used: its name, the bad value, what to do
├── DataFolderError     the data folder cannot be used, or another portal uses it
├── NotDurableError     a hook could not be written to disk; the sender must hear of it
├── UnreadableError     a payload that cannot become a conversation; the hook goes to quarantine
└── EngineError         the search engine did not answer
    └── NotBuiltError   there is no index yet; it is being built, or will be

None of them knows HTTP: ``web.problems`` gives each its status and page.
"""


class PortalError(Exception):
    """Any error of our own; its text is a sentence for a person."""


class SettingError(PortalError):
    """A setting that cannot be used. The text names the setting and the bad value."""


class DataFolderError(PortalError):
    """The data folder cannot be made, written or is in use by another portal."""


class NotDurableError(PortalError):
    """A hook could not be made durable. Nothing of it was acknowledged."""


class UnreadableError(PortalError):
    """A payload without identity or that is no JSON; the text is the reason shown in quarantine."""


class EngineError(PortalError):
    """The search engine failed, whatever its vendor's own error was."""


class NotBuiltError(EngineError):
    """The engine has no index that fits the archive; the indexer builds one by itself."""
