"""/indexing."""

from lib.lessons.indexing.view import show

show()
