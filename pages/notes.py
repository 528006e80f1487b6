"""/notes."""

from lib.lessons.notes.view import show

show()
