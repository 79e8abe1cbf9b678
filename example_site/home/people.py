"""What Tarnwell says about its people: the ready-made declaration with a few wishes of our own."""

from wagtail_personalize.people.employees.declaration import EmployeeDeclaration


class TarnwellProfile(EmployeeDeclaration):
    summary = ["job_title", "location"]
    directory = ["department", "location", "function", "languages", "skills"]
