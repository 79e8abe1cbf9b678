from django.db import migrations, models

import wagtail_personalize.people.employees.abstract


class Migration(migrations.Migration):
    dependencies = [
        ("personalize_employees", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="employeeprofile",
            name="language",
            field=models.CharField(
                blank=True,
                choices=wagtail_personalize.people.employees.abstract.site_languages,
                help_text="In this language the intranet and its messages speak to you, as far as they can.",
                max_length=35,
                verbose_name="language of the intranet",
            ),
        ),
    ]
