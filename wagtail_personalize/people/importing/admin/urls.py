"""Addresses of the import in the admin."""

from django.urls import include, path

from .columns import ColumnsView
from .errors import RejectedLinesView
from .history import RunsView
from .mappings import DeleteMappingView, MappingsView, SavedMappingFile, UploadMappingFile
from .preview import PreviewView
from .progress import DiscardView, ProgressAnswer, ProgressView, StepView
from .report import RunView
from .upload import UploadView

_upload = [
    path("columns/", ColumnsView.as_view(), name="columns"),
    path("mapping.json", UploadMappingFile.as_view(), name="upload_mapping"),
    path("preview/", PreviewView.as_view(), name="preview"),
    path("preview/rejected.csv", RejectedLinesView.as_view(preview=True), name="preview_rejected"),
    path("progress/", ProgressView.as_view(), name="progress"),
    path("progress.json", ProgressAnswer.as_view(), name="progress_answer"),
    path("compare/", StepView.as_view(action="compare"), name="compare"),
    path("stop/", StepView.as_view(action="stop"), name="stop"),
    path("go-on/", StepView.as_view(action="go_on"), name="go_on"),
    path("discard/", DiscardView.as_view(), name="discard"),
    path("rejected.csv", RejectedLinesView.as_view(), name="rejected"),
]

patterns = [
    path("", RunsView.as_view(), name="index"),
    path("results/", RunsView.as_view(results_only=True), name="index_results"),
    path("new/", UploadView.as_view(), name="upload"),
    path("runs/<int:run_id>/", RunView.as_view(), name="run"),
    path("mappings/", MappingsView.as_view(), name="mappings"),
    path("mappings/<int:mapping_id>/mapping.json", SavedMappingFile.as_view(), name="mapping_file"),
    path("mappings/<int:mapping_id>/delete/", DeleteMappingView.as_view(), name="delete_mapping"),
    path("<uuid:upload_id>/", include(_upload)),
]

urlpatterns = [path("personalize/imports/", include((patterns, "personalize_imports")))]
