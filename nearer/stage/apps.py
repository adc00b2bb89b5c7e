from django.apps import AppConfig


class StageConfig(AppConfig):
    name = "nearer.stage"
    default_auto_field = "django.db.models.BigAutoField"
