"""/memory."""

from lib.lessons.memory.view import show

show()
