"""Tells Django about the policy kernel, so that its translations are found."""

from django.apps import AppConfig


class PolicyConfig(AppConfig):
    name = "zhengtong.foundation.policy"
    label = "policy"
