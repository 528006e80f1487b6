"""/draw."""

from lib.lessons.draw.view import show

show()
