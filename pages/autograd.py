"""/autograd."""

from lib.lessons.autograd.view import show

show()
