"""The command line: one module a group of verbs; the console is imported only by the verb that opens it."""


def main() -> None:
    """Run the command line and end the process with its exit code."""
    import sys

    try:
        from mailtui.cli.front import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)
