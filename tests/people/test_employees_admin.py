import pytest
from django.urls import reverse

from tests.builders import user
from tests.permissions import allowed
from wagtail_personalize.people.employees.models import Department, EmployeeProfile, Location
from wagtail_personalize.people.employees.viewsets import viewsets

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client):
    superuser = user("boss", is_superuser=True, first_name="Bea", last_name="Boss")
    client.force_login(superuser)
    return superuser


@pytest.fixture
def editor(client):
    someone = allowed(user("editor"))
    client.force_login(someone)
    return someone


def employees(number):
    sales = Department.objects.create(code="s", name="Sales")
    munich = Location.objects.create(code="m", name="Munich")
    for n in range(number):
        someone = user(first_name="Zoë", last_name=f"Zürn{n}")
        EmployeeProfile.objects.create(user=someone, department=sales, location=munich)


@pytest.mark.usefixtures("boss")
class TestAdmin:
    @pytest.mark.parametrize("viewset", viewsets, ids=lambda viewset: viewset.model_name)
    @pytest.mark.parametrize("view", ["index", "add"])
    def test_opens_every_view(self, client, viewset, view):
        assert client.get(reverse(viewset.get_url_name(view))).status_code == 200

    def test_saves_an_employee(self, client):
        head = EmployeeProfile.objects.create(user=user("head"))
        anna = user("anna")
        data = {"user": anna.pk, "manager": head.pk, "birthday_0": "29", "birthday_1": "2", "work_mode": "remote"}
        response = client.post(reverse("personalize_employees:add"), data)
        assert response.status_code == 302, response.context["form"].errors
        assert anna.employeeprofile.manager == head
        assert str(anna.employeeprofile.birthday) == "2000-02-29"
        edit = client.get(reverse("personalize_employees:edit", args=[anna.employeeprofile.pk]))
        assert 'value="29"' in edit.content.decode()

    def test_lists_employees_with_a_constant_number_of_queries(self, client, django_assert_max_num_queries):
        employees(3)
        client.get(reverse("personalize_employees:index"))
        with django_assert_max_num_queries(40) as few:
            client.get(reverse("personalize_employees:index"))
        employees_more = [EmployeeProfile(user=user(), department=Department.objects.get()) for _ in range(12)]
        EmployeeProfile.objects.bulk_create(employees_more)
        with django_assert_max_num_queries(len(few)):
            client.get(reverse("personalize_employees:index"))

    @pytest.mark.parametrize("profile", ["StaffProfile", "EmployeeDeclaration"])
    def test_finds_an_employee_by_name(self, client, settings, profile):
        if profile == "EmployeeDeclaration":
            settings.WAGTAIL_PERSONALIZE = {
                "PROFILE": "wagtail_personalize.people.employees.declaration.EmployeeDeclaration"
            }
        employees(3)
        for name in ("personalize_employees:index", "personalize_employee_chooser:choose_results"):
            found = client.get(reverse(name), {"q": "zürn2"}).content.decode()
            assert "Zürn2" in found
            assert "Zürn1" not in found

    def test_finds_a_user_by_name(self, client):
        employees(2)
        found = client.get(reverse("personalize_user_chooser:choose_results"), {"q": "Zürn1"}).content.decode()
        assert "Zürn1" in found
        assert "Zürn0" not in found

    @pytest.mark.parametrize(
        "name",
        [
            "personalize_employees:index",
            "personalize_employee_chooser:choose_results",
            "personalize_user_chooser:choose_results",
        ],
    )
    def test_survives_a_very_long_search(self, client, name):
        employees(1)
        assert client.get(reverse(name), {"q": "x" * 60_000}).status_code == 200

    @pytest.mark.parametrize("chooser", ["personalize_employee_chooser", "personalize_user_chooser"])
    @pytest.mark.parametrize("key", ["abc", "9" * 30])
    def test_finds_nobody_by_a_key_that_cannot_be(self, client, chooser, key):
        assert client.get(reverse(f"{chooser}:chosen", args=[key])).status_code == 404
        assert client.get(reverse(f"{chooser}:chosen_multiple"), {"id": key}).status_code in (200, 404)


@pytest.mark.usefixtures("editor")
class TestEditorsWithoutPermission:
    @pytest.mark.parametrize("chooser", ["personalize_employee_chooser", "personalize_user_chooser"])
    def test_see_no_names(self, client, chooser):
        employees(1)
        pk = EmployeeProfile.objects.get().pk
        for url in (reverse(f"{chooser}:choose"), reverse(f"{chooser}:chosen", args=[pk])):
            response = client.get(url)
            assert response.status_code == 302
            assert response.url == reverse("wagtailadmin_home")

    def test_see_no_employees(self, client):
        assert client.get(reverse("personalize_employees:index")).status_code == 302
