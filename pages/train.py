from lib.ui.frame import frame

view = frame("train")
