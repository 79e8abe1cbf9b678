"""Small builders, so that a test says what it means."""

from itertools import count
from uuid import uuid4

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.utils.text import slugify
from wagtail.models import Locale, Page, Site

from tests.intranet.models import Office, Skill, Staff, StandardPage, TargetedPage, Unit

_numbers = count(1)


def user(username=None, **fields):
    """A user without a profile."""
    return get_user_model().objects.create_user(username or f"user{next(_numbers)}", password="x", **fields)


def _written(username, **fields):
    """A user of whom nobody hears before there is a profile: a third of what a person costs."""
    users = get_user_model().objects
    username = username or f"user{next(_numbers)}"
    return users.bulk_create([users.model(username=username, password=make_password("x"), **fields)])[0]


def person(username=None, *, skills=(), active=True, first_name="", last_name="", **profile):
    """A user with a profile of the test site; ``unit`` and ``office`` may be given by their code."""
    someone = _written(username, is_active=active, first_name=first_name, last_name=last_name)
    for name, model in (("unit", Unit), ("office", Office)):
        if isinstance(profile.get(name), str):
            profile[name] = model.objects.get(code=profile[name])
    staff = Staff.objects.create(user=someone, **profile)
    if skills:
        staff.skills.set([Skill.objects.get_or_create(name=name)[0] for name in skills])
    return someone


def segment(name, rule=None, **fields):
    """A saved and refreshed segment; without a rule, the people whose department is ``name``."""
    from wagtail_personalize.segments.models import Segment

    rule = rule or {"all": [{"attribute": "department", "operator": "is", "value": name}]}
    return Segment.objects.create(name=name, slug=slugify(name, allow_unicode=True), rule=rule, **fields)


def page(title="A page", *, parent=None, model=StandardPage, live=True, **fields):
    """A page below ``parent`` (default: the home page of the test site)."""
    new = model(title=title, slug=fields.pop("slug", slugify(title)), live=live, **fields)
    (parent or home()).add_child(instance=new)
    return new


def home():
    """The root page of the default site, made when it is missing."""
    Locale.objects.get_or_create(language_code="en")
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site:
        return site.root_page
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root")
    start = root.add_child(instance=Page(title="Home", slug="start"))
    Site.objects.create(hostname="localhost", root_page=start, is_default_site=True)
    return start


def audience(include=(), exclude=(), starts=None, ends=None):
    """The stored form of a block's audience, from segments or from anything else that names them."""
    uuids = ([str(getattr(segment, "uuid", segment)) for segment in segments] for segments in (include, exclude))
    return dict(zip(("include", "exclude", "starts", "ends"), (*uuids, starts, ends), strict=True))


def block(kind, value, audience=None, **more):
    """The stored form of one block of a stream; ``audience`` is left out when there is none, as in old content."""
    if isinstance(value, dict):
        value = {**value, **more, **({"audience": audience} if audience else {})}
    return {"type": kind, "value": value, "id": str(uuid4())}


def note(text, audience=None):
    return block("note", {"text": text}, audience)


def variants(*given, default=(), kind="variants"):
    """A variants block in its stored form from ``(audience, content)`` pairs, all of them on."""
    listed = [{"name": "", "on": True, "audience": who, "content": content} for who, content in given]
    return block(kind, {"variants": [block("item", each) for each in listed], "default": default or []})


def targeted_page(*body, title="A targeted page", **fields):
    """A saved page with these stored blocks, as read back from the database."""
    slug = fields.pop("slug", f"targeted-{next(_numbers)}")
    new = page(title, model=TargetedPage, body=list(body), slug=slug, **fields)
    return TargetedPage.objects.get(pk=new.pk)


def lose(segment):
    """Delete a segment behind the back of the check that it is in use, as a restored backup may do."""
    from wagtail_personalize.segments import versions
    from wagtail_personalize.segments.models import Segment

    rows = Segment.objects.filter(pk=segment.pk)
    rows._raw_delete(rows.db)
    versions.grow(versions.SEGMENTS)


def undo(segment):
    """Make a draft of a segment behind the back of the check that it is in use."""
    from django.db.models import QuerySet

    from wagtail_personalize.segments.models import Segment
    from wagtail_personalize.segments.refresh import refresh

    QuerySet(Segment).filter(pk=segment.pk).update(live=False)
    refresh(cause="rule")
