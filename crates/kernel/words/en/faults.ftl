# Faults nobody at the screen can mend
fault-database = The database does not answer. Your input is not lost: reload the page in a minute.
fault-disk-full = The server's disk is full. Reading goes on, saving does not. Ask IT to make space; everything continues by itself afterwards.
fault-busy = Too much is going on right now. Please try again in a few seconds.
