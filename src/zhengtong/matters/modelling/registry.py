"""What process models may be asked for: drawing them, and reviewing what another drew."""

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.policy import declare_permission

DRAW = declare_permission("process.draw", _("Draw process models"), kind="sys")
REVIEW = declare_permission("process.review", _("Review and publish process models that others drew"), kind="sys")
