"""/tensors."""

from lib.lessons.tensors.view import show

show()
