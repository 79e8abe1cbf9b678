import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("personalize_segments", "0002_depth")]

    operations = [
        migrations.AlterField(
            model_name="membership",
            name="segment",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="memberships",
                to="personalize_segments.segment",
            ),
        ),
        migrations.AlterField(
            model_name="pastmembership",
            name="segment",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="past_memberships",
                to="personalize_segments.segment",
            ),
        ),
    ]
