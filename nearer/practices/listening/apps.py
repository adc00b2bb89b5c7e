from django.apps import AppConfig


class ListeningConfig(AppConfig):
    name = "nearer.practices.listening"
    default_auto_field = "django.db.models.BigAutoField"
