"""The page "What is recorded about me", and the same as a file. Everybody sees their own: no address names a person."""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView, View

from .recorded import Row, Section, sections

#: More rows of a section than these stand in the file only.
MOST_SHOWN = 50


def recorded_about(person: Any) -> list[tuple[Section, list[Row]]]:
    """All that is recorded about a user, section by section."""
    return [(section, section.rows(person)) for section in sections()]


@method_decorator(never_cache, name="dispatch")
class RecordedView(LoginRequiredMixin, TemplateView):
    """What is recorded about whoever is signed in."""

    template_name = "wagtail_personalize/privacy/recorded.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        parts = [
            {"section": section, "rows": rows[:MOST_SHOWN], "more": len(rows[MOST_SHOWN:])}
            for section, rows in recorded_about(self.request.user)
        ]
        return super().get_context_data(parts=parts, **kwargs)


@method_decorator(never_cache, name="dispatch")
class RecordedFileView(LoginRequiredMixin, View):
    """The same content as JSON, complete, to take away."""

    def get(self, request: HttpRequest) -> JsonResponse:
        told = {
            "about": str(request.user),
            "made": timezone.localtime().isoformat(timespec="seconds"),
            "recorded": [_told(section, rows) for section, rows in recorded_about(request.user)],
        }
        answer = JsonResponse(told, json_dumps_params={"indent": 2, "ensure_ascii": False})
        answer["Content-Disposition"] = 'attachment; filename="recorded-about-me.json"'
        return answer


def _told(section: Section, rows: list[Row]) -> dict[str, Any]:
    about = {name: str(getattr(section, name)) for name in ("title", "purpose", "legal_basis", "retention")}
    return {"section": section.name, **about, "rows": [row.as_dict() for row in rows]}
