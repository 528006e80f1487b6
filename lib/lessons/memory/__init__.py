"""/memory: storage and view, who shares memory, what a dtype can hold."""
