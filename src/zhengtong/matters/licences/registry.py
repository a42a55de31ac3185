"""Permissions that licences ask for."""

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.policy import declare_permission

READ = declare_permission("licence.read", _("Read the licences of an authority"))
CHANGE = declare_permission("licence.change", _("Reissue, suspend, cancel and revoke licences"))
