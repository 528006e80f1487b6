"""/finetune."""

from lib.lessons.finetune.view import show

show()
