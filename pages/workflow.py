"""/workflow."""

from lib.lessons.workflow.view import show

show()
