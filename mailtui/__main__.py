"""The command `mailtui`, and `python -m mailtui`."""

from mailtui.cli import main

if __name__ == "__main__":
    main()
