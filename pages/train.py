"""/train."""

from lib.lessons.train.view import show

show()
