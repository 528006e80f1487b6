"""/embedding."""

from lib.lessons.embedding.view import show

show()
