"""modelsearch's own suite against our backend. Its models come with modelsearch, what is in them is ours."""

import pytest
from django.test import TestCase
from modelsearch.tests.test_backends import BackendTests


@pytest.mark.filterwarnings("ignore:SQLCompiler.quote_name_unless_alias")  # django-taggit's, on Django 6.1
class TestWhoosh(BackendTests, TestCase):
    backend_path = "wagtail_personalize.search.backends.whoosh"
