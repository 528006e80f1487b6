"""/optimizers."""

from lib.lessons.optimizers.view import show

show()
