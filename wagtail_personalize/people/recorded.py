"""The sections of this room on the page "What is recorded about me": account, values, reporting line, imports."""

from .appearing.recorded import AppearanceSection
from .recorded_imports import DeparturesSection, ImportsByMeSection, ImportsSection
from .recorded_profile import AccountSection, ProfileSection, ReportingLineSection

__all__ = [
    "AccountSection",
    "AppearanceSection",
    "DeparturesSection",
    "ImportsByMeSection",
    "ImportsSection",
    "ProfileSection",
    "ReportingLineSection",
]
