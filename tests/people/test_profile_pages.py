from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image as Picture
from wagtail.images import get_image_model

from tests.builders import person, user
from tests.intranet.models import Office, Skill, Staff, Unit
from tests.intranet.people import StaffProfile
from wagtail_personalize.hookspecs import profiles_changed
from wagtail_personalize.people.attributes import Choice, Text
from wagtail_personalize.people.employees.models import EmployeeProfile

pytestmark = pytest.mark.django_db

ME, EDIT = "wagtail_personalize:me", "wagtail_personalize:edit_me"


@pytest.fixture
def me(client):
    someone = person("me", first_name="Mia", last_name="Maier", department="IT", level=3)
    client.force_login(someone)
    return someone


def page(client, name, *args):
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    return response.content.decode()


def edit(client, **data):
    data = {"birthday_0": "", "birthday_1": "", "motto": "", **data}
    return client.post(reverse(EDIT), data)


class TestEveryPage:
    @pytest.mark.parametrize("name", ["directory", "me", "edit_me", "person"])
    def test_asks_visitors_to_sign_in(self, client, name):
        path = reverse(f"wagtail_personalize:{name}", args=["1"] if name == "person" else [])
        for answer in (client.get(path), client.post(path)):
            assert answer.status_code == 302
            assert answer.url == f"/login/?next={path}"

    @pytest.mark.parametrize("name", ["me", "edit_me"])
    def test_is_there_for_a_user_without_a_profile(self, client, name):
        client.force_login(user())
        answer = client.get(reverse(f"wagtail_personalize:{name}"), follow=True)
        assert "You have no profile yet" in answer.content.decode()

    def test_has_no_inline_script_or_style(self, client, me):
        for name in ("directory", "me", "edit_me"):
            html = page(client, f"wagtail_personalize:{name}")
            assert "<script" not in html
            assert "<style" not in html
            assert " style=" not in html


class TestPersonPage:
    def person_page(self, client, someone):
        return page(client, "wagtail_personalize:person", someone.pk)

    def test_shows_what_colleagues_may_see(self, client, me):
        anna = person(
            first_name="Anna", last_name="Weber", motto="Carpe diem", birthday=date(2000, 5, 1), skills=["Chess"]
        )
        html = self.person_page(client, anna)
        assert "Anna Weber" in html
        assert "Carpe diem" in html
        assert "Chess" in html
        assert "May 1" not in html

    def test_shows_manager_and_direct_reports_who_are_active(self, client, me):
        anna = person(first_name="Anna")
        for n, active in enumerate([True, False]):
            Staff.objects.create(user=user(f"r{n}", first_name=f"Report{n}", is_active=active), manager=anna.staff)
        anna.staff.manager = me.staff
        anna.staff.save()
        html = self.person_page(client, anna)
        assert "Mia Maier" in html
        assert "Report0" in html
        assert "Report1" not in html

    @pytest.mark.parametrize("key", ["0", "99999999", "x", "1" * 40, "%00", "-1"])
    def test_of_nobody_is_missing(self, client, me, key):
        assert client.get(reverse("wagtail_personalize:person", args=["1"]).replace("1", key)).status_code == 404

    def test_of_somebody_who_left_or_has_no_profile_is_missing(self, client, me):
        for someone in (person(active=False), user()):
            assert client.get(reverse("wagtail_personalize:person", args=[someone.pk])).status_code == 404

    def test_escapes_what_people_write(self, client, me):
        anna = person(first_name="<script>alert(1)</script>", motto="<img src=x onerror=alert(1)>")
        html = self.person_page(client, anna)
        assert "<script>alert" not in html
        assert "<img src=x" not in html

    def test_asks_the_same_number_of_queries_for_few_and_many_values(self, client, me, django_assert_num_queries):
        unit, office = Unit.objects.create(code="u", name="Unit"), Office.objects.create(code="o", city="City")
        anna = person(unit=unit, office=office, skills=["Chess"])
        self.person_page(client, anna)
        with django_assert_num_queries(8):  # two are the follow button's
            self.person_page(client, anna)
        anna.staff.skills.set([Skill.objects.create(name=f"Skill {n}") for n in range(20)])
        with django_assert_num_queries(8):
            self.person_page(client, anna)


class TestMyPage:
    def test_shows_everything_with_its_source_also_what_colleagues_cannot_see(self, client, me):
        Staff.objects.filter(user=me).update(birthday=date(2000, 5, 1))
        html = page(client, ME)
        assert "May 1" in html
        assert "Comes from the personnel department." in html
        assert "You keep this yourself." in html

    def test_names_what_is_still_empty(self, client, me):
        Skill.objects.create(name="Chess")
        me.staff.motto = "Carpe diem"
        me.staff.save()
        html = page(client, ME)
        assert '<progress aria-labelledby="wp-completeness" max="3" value="1">33 %</progress>' in html
        assert '<a href="/people/me/edit/#id_birthday">Birthday</a>' in html
        assert '<a href="/people/me/edit/#id_skills">Skills</a>' in html
        assert "#id_motto" not in html


def own_fields(client):
    """The fields of the form that are attributes; the others ask whether one appears in lists of colleagues."""
    fields = client.get(reverse(EDIT)).context["form"].fields
    return [name for name in fields if not name.startswith("appear_")]


class TestEditing:
    def test_offers_only_what_people_keep_themselves(self, client, me):
        Skill.objects.create(name="Chess")
        assert own_fields(client) == ["birthday", "motto", "skills"]

    def test_offers_no_choice_out_of_nothing(self, client, me):
        assert own_fields(client) == ["birthday", "motto"]

    def test_saves_every_kind_of_value(self, client, me):
        chess = Skill.objects.create(name="Chess")
        answer = edit(client, motto="Carpe diem", birthday_0="29", birthday_1="2", skills=[chess.pk])
        assert answer.status_code == 302
        staff = Staff.objects.get(user=me)
        assert (staff.motto, staff.birthday, list(staff.skills.all())) == ("Carpe diem", date(2000, 2, 29), [chess])

    def test_explains_what_is_wrong_and_keeps_what_was_typed(self, client, me):
        html = edit(client, motto="Carpe diem", birthday_0="31", birthday_1="2").content.decode()
        assert "That month does not have so many days." in html
        assert 'value="Carpe diem"' in html

    def test_announces_all_that_changed_at_once(self, client, me):
        heard = []

        def listen(person_ids, attributes, cause, **kwargs):
            heard.append((person_ids, attributes, cause))

        profiles_changed.connect(listen)
        edit(client, motto="Carpe diem", skills=[Skill.objects.create(name="Chess").pk])
        profiles_changed.disconnect(listen)
        assert heard == [([me.pk], {"motto", "skills"}, "profile")]

    def test_never_overwrites_what_an_import_writes_meanwhile(self, client, me, monkeypatch):
        from wagtail_personalize.people.pages import own_form

        def import_first(form):
            Staff.objects.filter(user=me).update(department="Sales")
            return save(form)

        save = own_form.OwnProfileForm.save
        monkeypatch.setattr(own_form.OwnProfileForm, "save", import_first)
        edit(client, motto="Carpe diem")
        assert Staff.objects.values_list("department", "motto").get(user=me) == ("Sales", "Carpe diem")

    def test_refuses_a_post_without_a_token(self, me):
        from django.test import Client

        client = Client(enforce_csrf_checks=True)
        client.force_login(me)
        assert edit(client, motto="Carpe diem").status_code == 403


class TestRaisingOnesOwnRights:
    def test_is_impossible_whatever_is_posted(self, client, me):
        other = person("other")
        office = Office.objects.create(code="o", city="City")
        before = Staff.objects.values().get(user=me), type(me).objects.values().get(pk=me.pk)
        edit(
            client,
            id=other.staff.pk,
            pk=other.staff.pk,
            user=other.pk,
            user_id=other.pk,
            staff_number="1",
            department="Board",
            level=99,
            manager=other.staff.pk,
            office=office.pk,
            unit="1",
            is_superuser="on",
            is_staff="on",
            groups="1",
            user__is_superuser="on",
            user__last_name="Boss",
            last_name="Boss",
            remote="true",
        )
        assert (Staff.objects.values().get(user=me), type(me).objects.values().get(pk=me.pk)) == before
        assert Staff.objects.get(user=other).motto == ""

    def test_is_impossible_for_an_attribute_over_a_path(self, client, me, settings):
        settings.WAGTAIL_PERSONALIZE = {"PROFILE": f"{__name__}.CarelessProfile"}
        assert own_fields(client) == []
        edit(client, user__last_name="Boss", last_name="Boss", office__city="Elsewhere")
        me.refresh_from_db()
        assert me.last_name == "Maier"

    def test_editing_somebody_else_is_impossible(self, client, me):
        other = person("other", motto="Mine")
        client.post(f"{reverse(EDIT)}?pk={other.staff.pk}&user={other.pk}", {"motto": "Yours"})
        assert Staff.objects.get(user=other).motto == "Mine"


class CarelessProfile(StaffProfile):
    """Lets people edit what is not theirs."""

    attributes = [
        Choice("city", "City", path="office__city", source="self"),
        Text("last_name", "Last name", path="user__last_name", source="self"),
    ]


def picture(name="me.png"):
    file = BytesIO()
    Picture.new("RGB", (400, 400), "teal").save(file, "PNG")
    return SimpleUploadedFile(name, file.getvalue(), "image/png")


class TestPhoto:
    @pytest.fixture(autouse=True)
    def employee(self, client, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        settings.WAGTAIL_PERSONALIZE = {
            "PROFILE": "wagtail_personalize.people.employees.declaration.EmployeeDeclaration"
        }
        profile = EmployeeProfile.objects.create(user=user(first_name="Mia", last_name="Maier"))
        client.force_login(profile.user)
        return profile

    def test_can_be_uploaded_replaced_and_removed(self, client, employee, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            edit(client, new_photo=picture())
        employee.refresh_from_db()
        first = employee.photo
        assert (first.title, first.collection.name) == ("Mia Maier", "Profile photos")
        assert '<img class="wp-avatar' in page(client, ME)
        with django_capture_on_commit_callbacks(execute=True):
            edit(client, new_photo=picture("other.png"))
        employee.refresh_from_db()
        assert employee.photo != first
        assert not get_image_model().objects.filter(pk=first.pk).exists()
        with django_capture_on_commit_callbacks(execute=True):
            edit(client, remove_photo="on")
        employee.refresh_from_db()
        assert employee.photo is None
        assert not get_image_model().objects.exists()

    def test_given_by_others_is_never_deleted(self, client, employee, django_capture_on_commit_callbacks):
        employee.photo = get_image_model().objects.create(title="Portrait", file=picture())
        employee.save()
        with django_capture_on_commit_callbacks(execute=True):
            edit(client, remove_photo="on")
        assert get_image_model().objects.filter(title="Portrait").exists()

    def test_that_is_none_is_refused(self, client, employee):
        answer = edit(client, new_photo=SimpleUploadedFile("me.png", b"<script>alert(1)</script>"))
        assert answer.context["form"].errors["new_photo"]

    def test_that_is_lost_shows_initials(self, client, employee):
        employee.photo = get_image_model().objects.create(title="Portrait", file=picture())
        employee.save()
        employee.photo.file.storage.delete(employee.photo.file.name)
        html = page(client, ME)
        assert "<img" not in html
        assert ">MM</span>" in html

    def test_costs_no_query_per_person(self, client, employee, django_assert_num_queries):
        def hire(number):
            for _ in range(number):
                photo = get_image_model().objects.create(title="Portrait", file=picture())
                EmployeeProfile.objects.create(user=user(), photo=photo)
            page(client, "wagtail_personalize:directory")

        hire(2)
        with django_assert_num_queries(15):
            page(client, "wagtail_personalize:directory")
        hire(8)
        with django_assert_num_queries(15):
            assert page(client, "wagtail_personalize:directory").count("<img") == 10
