from django.urls import path

from .views import become

app_name = "personas"
urlpatterns = [path("become/", become, name="become")]
