"""modelsearch's own suite for servers, against ours, on a server in memory."""

import unittest

import pytest
from django.test import TestCase
from modelsearch.tests.elasticsearch_common_tests import ElasticsearchCommonSearchBackendTests

from tests.search.servers import running

from .server_settings import ADDRESS


@pytest.fixture(scope="module", autouse=True)
def server():
    with running(addr=ADDRESS) as server:
        yield server


class Suite(ElasticsearchCommonSearchBackendTests):
    @unittest.skip("It lists the indexes of modelsearch's models alone; this site has more.")
    def test_all_indexes(self):
        pass


@pytest.mark.filterwarnings("ignore:SQLCompiler.quote_name_unless_alias")  # django-taggit's, on Django 6.1
class TestOpenSearch2(Suite, TestCase):
    backend_path = "wagtail_personalize.search.backends.opensearch2"


@pytest.mark.filterwarnings("ignore:SQLCompiler.quote_name_unless_alias")
class TestOpenSearch3(Suite, TestCase):
    backend_path = "wagtail_personalize.search.backends.opensearch3"


@pytest.mark.filterwarnings("ignore:SQLCompiler.quote_name_unless_alias")
class TestElasticsearch8(Suite, TestCase):
    backend_path = "wagtail_personalize.search.backends.elasticsearch8"


@pytest.mark.filterwarnings("ignore:SQLCompiler.quote_name_unless_alias")
class TestElasticsearch9(Suite, TestCase):
    backend_path = "wagtail_personalize.search.backends.elasticsearch9"


del Suite, ElasticsearchCommonSearchBackendTests  # or they would be collected by themselves
