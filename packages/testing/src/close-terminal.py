# Runs a command in a terminal, and closes that when it has shown a text: close-terminal.py TEXT COMMAND ...
# The exit code is that of the command, 128 + n after signal n.
import os, pty, sys
text, *command = sys.argv[1:]
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(command[0], command)
shown = b''
while text.encode() not in shown:
    shown += os.read(terminal, 65536)
os.close(terminal)
_, status = os.waitpid(pid, 0)
code = os.waitstatus_to_exitcode(status)
sys.stdout.buffer.write(shown)
sys.stdout.flush()
sys.exit(code if code >= 0 else 128 - code)
