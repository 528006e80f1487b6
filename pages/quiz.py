"""/quiz."""

from lib.lessons.quiz.view import show

show()
