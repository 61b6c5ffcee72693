"""Runs Django's commands for developers; users have ``evenbook``."""

import os
import sys

from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenbook.site.settings")
execute_from_command_line(sys.argv)
