from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("personalize_streams", "0007_favourites")]

    operations = [
        migrations.AddField(
            model_name="hashtag",
            name="labels",
            field=models.JSONField(blank=True, default=dict, editable=False),
        ),
    ]
