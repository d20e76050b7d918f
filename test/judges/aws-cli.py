"""Runs calls of the AWS CLI, a JSON list of their arguments, and prints what each wrote to stderr.

One process for all of them: most of a call's time is the start of Python and of the CLI.
"""

import contextlib
import io
import json
import sys

from awscli.clidriver import create_clidriver


def stderr_of(arguments):
    written = io.StringIO()
    with contextlib.redirect_stderr(written), contextlib.redirect_stdout(io.StringIO()):
        try:
            create_clidriver().main(arguments)
        except SystemExit:
            pass
    return written.getvalue()


print(json.dumps([stderr_of(arguments) for arguments in json.load(sys.stdin)]))
