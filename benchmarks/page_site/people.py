from wagtail_personalize.people.attributes import Choice
from wagtail_personalize.people.declaration import ProfileDeclaration


class StaffProfile(ProfileDeclaration):
    model = "page_site.Staff"
    user = "user"
    attributes = [Choice("department", "Department")]
