"""/cnn."""

from lib.lessons.cnn.view import show

show()
