"""``python -I -S kept_messenger.py ADDRESS CLOCK NODE``: has the process at ADDRESS work in place of this one.

It loads nothing but what a socket needs. It hands its input and output over, and ends as the other one does.
"""

import socket
import sys

with socket.socket(socket.AF_UNIX) as line:
    line.connect(sys.argv[1])
    socket.send_fds(line, ["\n".join(sys.argv[2:]).encode()], [0, 1])
    told = line.recv(1)
sys.exit(told[0] if told else 1)  # it died without a word
