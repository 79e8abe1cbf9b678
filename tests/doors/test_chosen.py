"""What stands chosen in the admin: a key in a form, a link in a text, a redirect. It may come from anybody."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from tests.builders import block, home, page, person, segment, user
from tests.intranet.models import StandardPage, TargetedPage
from tests.targeting.restricting import restrict

from .editors import working_on
from .files import collection, document, image, restrict_files
from .restrictions import TITLE
from .viewers import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.doors.site")]


@pytest.fixture
def finance():
    return segment("Finance")


@pytest.fixture
def secret(finance):
    found = page(TITLE)
    restrict(found, finance)
    return found


@pytest.fixture
def section():
    return page("Another section")


@pytest.fixture
def editor(section):
    return client_of(working_on(person(department="HR"), section))


def tells(response):
    content = b"".join(response) if response.streaming else response.content
    return "zorgvuldig" in content.decode().lower()


def card(key):
    return streamfield([("card", {"title": "x", "page": str(key), "colour": "", "audience": "{}"})])


def sent(client, changed, **fields):
    """The answer to a form of the page editor."""
    data = nested_form_data({"slug": changed.slug, "comments": inline_formset([]), **fields})
    return client.post(reverse("wagtailadmin_pages:edit", args=[changed.pk]), data)


def opened(client, found):
    return client.get(reverse("wagtailadmin_pages:edit", args=[found.pk]))


def chosen_in(changed):
    """The page that the first block leads to, as it was saved last."""
    return type(changed).objects.get(pk=changed.pk).get_latest_revision_as_object().body[0].value["page"]


#: Another one in each answer: tokens, the keys of new blocks, the editor's session.
NEW_EACH_TIME = re.compile(r'"CSRF_TOKEN": "\w+"|csrfmiddlewaretoken" value="\w+"|[0-9a-f-]{36}|editing-sessions/\S+')


def lasting(response):
    return NEW_EACH_TIME.sub("", response.content.decode())


class TestAChooser:
    @pytest.fixture
    def mine(self, section, secret):
        return page("Mine", parent=section, model=TargetedPage, body=[block("card", {"title": "x", "page": secret.pk})])

    def test_tells_nothing_of_what_does_not_exist_for_the_editor(self, editor, mine):
        assert not tells(opened(editor, mine))

    def test_keeps_what_a_colleague_chose(self, editor, mine, secret):
        assert sent(editor, mine, title="Changed", body=card(secret.pk)).status_code == 302
        assert chosen_in(mine).pk == secret.pk

    def test_tells_whoever_works_on_what_was_chosen(self, mine, secret):
        assert tells(opened(client_of(user(is_superuser=True)), mine))

    def test_takes_what_is_closed_for_missing(self, editor, section, secret):
        mine, answers = page("Mine", parent=section, model=TargetedPage), set()
        for key in (secret.pk, 987654):
            answers.add(lasting(sent(editor, mine, title="", body=card(key))))
        assert len(answers) == 1
        sent(editor, mine, title="Mine", body=card(secret.pk))
        assert chosen_in(mine) is None

    def test_of_images_and_documents_tells_nothing_either(self, editor, section, finance, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        board = collection()
        restrict_files(board, finance)
        text = f'<a linktype="document" id="{document(board).pk}">x</a>'
        text += f'<embed embedtype="image" id="{image(board).pk}" format="left" alt="x"/>'
        mine = page("Mine", parent=section, rich=f"<p>{text}</p>")
        assert not tells(opened(editor, mine))
        assert tells(opened(client_of(user(is_superuser=True)), mine))


class TestALinkInTheEditor:
    def test_to_a_page_that_does_not_exist_for_the_editor_has_no_address(self, editor, section, secret):
        text = rich_text(f'<p><a linktype="page" id="{secret.pk}">x</a></p>')
        mine = page("Mine", parent=section, model=StandardPage)
        assert not tells(sent(editor, mine, title="", intro="", rich=text, body=streamfield([])))


class TestAComparison:
    def test_names_what_was_chosen_only_to_those_who_know_it(self, editor, section, secret):
        mine = page("Mine", parent=section, model=TargetedPage)
        mine.save_revision()
        mine.body = [("card", {"title": "x", "page": secret, "colour": "", "audience": None})]
        mine.save_revision()
        address = reverse("wagtailadmin_pages:revisions_compare", args=[mine.pk, "earliest", "latest"])
        assert not tells(editor.get(address))
        assert tells(client_of(user(is_superuser=True)).get(address))


class TestTheFormForCopies:
    def sent(self, client, section, parent, slug="copied"):
        address = reverse("wagtailadmin_pages:copy", args=[section.pk])
        return client.post(address, {"new_title": "x", "new_slug": slug, "new_parent_page": parent.pk})

    def test_does_not_name_a_place_that_does_not_exist_for_the_editor(self, editor, section, secret):
        assert not tells(self.sent(editor, section, secret))

    def test_does_not_say_which_slugs_are_taken_where_nothing_may_be_added(self, editor, section, secret):
        answer = self.sent(editor, section, home(), slug=secret.slug).content.decode()
        assert "do not have permission" in answer
        assert "already in use" not in answer


class TestRedirectsInTheAdmin:
    @pytest.fixture
    def editor(self, section):
        someone = working_on(person(department="HR"), section)
        names = "add_redirect", "change_redirect", "delete_redirect"
        someone.groups.first().permissions.add(*Permission.objects.filter(codename__in=names))
        return client_of(someone)

    @pytest.mark.parametrize("query", ["", "?export=csv", "?q=zorgvul"])
    def test_to_closed_pages_are_not_listed(self, editor, secret, section, query):
        Redirect.objects.create(old_path="/old", redirect_page=secret)
        Redirect.objects.create(old_path="/other", redirect_link="/somewhere/")
        answer = editor.get(reverse("wagtailredirects:index") + query)
        content = (b"".join(answer) if answer.streaming else answer.content).decode()
        assert "/old" not in content
        assert ("/other" in content) == (query != "?q=zorgvul")

    @pytest.mark.parametrize("view", ["edit", "delete"])
    def test_to_closed_pages_are_missing(self, editor, secret, view):
        found = Redirect.objects.create(old_path="/old", redirect_page=secret)
        address = reverse(f"wagtailredirects:{view}", args=[found.pk])
        assert editor.get(address).status_code == 404
        assert client_of(user(is_superuser=True)).get(address).status_code == 200
