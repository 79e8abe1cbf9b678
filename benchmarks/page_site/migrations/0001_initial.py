from django.conf import settings
from django.db import migrations, models
from django.db.models.deletion import CASCADE
from wagtail.fields import StreamField


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("wagtailcore", "0094_alter_page_locale"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Staff",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("department", models.CharField(max_length=100)),
                (
                    "user",
                    models.OneToOneField(on_delete=CASCADE, related_name="staff", to=settings.AUTH_USER_MODEL),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BlockPage",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        auto_created=True, on_delete=CASCADE, parent_link=True, primary_key=True, to="wagtailcore.page"
                    ),
                ),
                ("body", StreamField([])),
            ],
            bases=("wagtailcore.page",),
        ),
    ]
