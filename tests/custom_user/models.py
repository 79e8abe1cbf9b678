"""People as another site has them: accounts without a user name, profiles and teams with keys of their own kind."""

import uuid

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models


class AccountManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        account = self.model(email=email, **fields)
        account.set_password(password)
        account.save()
        return account

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_superuser=True, **fields)


class Account(AbstractBaseUser, PermissionsMixin):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    full_name = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "email"
    objects = AccountManager()

    def __str__(self):
        return self.full_name or self.email


class Team(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=100, unique=True)
    above = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE)

    def __str__(self):
        return self.name


class Topic(models.Model):
    title = models.CharField(max_length=100, unique=True)

    def __str__(self):
        return self.title


class Member(models.Model):
    number = models.CharField(max_length=20, primary_key=True)
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="member"
    )
    boss = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL)
    nickname = models.CharField(max_length=100, blank=True)
    topics = models.ManyToManyField(Topic, through="Interest", related_name="members")

    def __str__(self):
        return self.number


class Speaks(models.Model):
    """A language that a member speaks: to many, without a many-to-many field."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="languages")
    language = models.CharField(max_length=50)

    def __str__(self):
        return self.language


class Interest(models.Model):
    """A many-to-many relation with a model of its own, saved like any other."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE)
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE)
    since = models.DateField(null=True, blank=True)

    def __str__(self):
        return f"{self.member}: {self.topic}"
