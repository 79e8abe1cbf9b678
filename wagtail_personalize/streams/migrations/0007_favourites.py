from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("personalize_streams", "0006_widgets")]

    operations = [
        migrations.AddField(
            model_name="shortcut",
            name="with_news",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
