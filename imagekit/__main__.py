"""`python -m imagekit` does what the command `imagekit` does."""

from imagekit.cli import main

if __name__ == "__main__":
    main()
