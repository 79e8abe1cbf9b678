"""The declaration over these people: the manager is a user, languages are texts on the far side of a relation."""

from wagtail_personalize.people.attributes import Many, Text, Tree
from wagtail_personalize.people.declaration import ProfileDeclaration


class MemberProfile(ProfileDeclaration):
    model = "custom_user.Member"
    user = "account"
    staff_number = "number"
    manager = "boss"
    directory = ["team", "languages"]
    attributes = [
        Text("email", "E-mail", path="account__email", purpose="Contact."),
        Tree("team", "Team", key="name", parent="above", purpose="Addressing news."),
        Text("nickname", "Nickname", source="self", purpose="Contact."),
        Many("languages", "Languages", path="languages__language", purpose="Contact."),
        Many("topics", "Topics", key="title", purpose="Contact."),
    ]
