"""/convolution."""

from lib.lessons.convolution.view import show

show()
