from wagtail import hooks

from .admin.log_actions import register_log_actions
from .admin.menu import personalize_menu_item
from .admin.viewsets import segment_category_viewset, segment_viewset
from .journeys.admin import journey_viewset
from .personas.admin.viewsets import persona_viewset
from .series.admin import series_viewset

hooks.register("register_admin_menu_item", personalize_menu_item)
hooks.register("register_admin_viewset", lambda: [segment_viewset, segment_category_viewset])
hooks.register("register_log_actions", register_log_actions)
hooks.register("register_admin_viewset", lambda: persona_viewset)
hooks.register("register_admin_viewset", lambda: series_viewset)
hooks.register("register_admin_viewset", lambda: journey_viewset)
