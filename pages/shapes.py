"""/shapes."""

from lib.lessons.shapes.view import show

show()
