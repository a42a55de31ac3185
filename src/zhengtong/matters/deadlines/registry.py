"""Permissions that deadlines ask for."""

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.policy import declare_permission

ENTER_CALENDAR = declare_permission("calendar.enter", _("Enter the yearly notice of holidays"), kind="sys")
