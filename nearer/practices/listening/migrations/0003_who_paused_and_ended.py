"""Who paused and who ended a round, and an invitation put aside on one's own Today."""

from typing import Any

from django.db import migrations, models
from django.utils import timezone


def end_what_only_waited_for_a_line(apps: Any, _schema_editor: Any) -> None:
    """Until now a round stayed open until both had kept a line or none."""
    rounds = apps.get_model("listening", "ListeningRound").objects.filter(step="close")
    sittings = apps.get_model("stage", "Sitting").objects
    sittings.filter(pk__in=rounds.values("pk"), ended_at=None).update(ended_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [
        ("listening", "0002_drafts_on_any_phone"),
        ("stage", "0001_initial"),
    ]

    operations = [
        migrations.AddField("listeninground", "paused_by", models.UUIDField(null=True)),
        migrations.AddField("listeninground", "ended_by", models.UUIDField(null=True)),
        migrations.AddField("keepsake", "is_set_aside", models.BooleanField(default=False)),
        migrations.RunPython(end_what_only_waited_for_a_line, migrations.RunPython.noop),
    ]
