"""`python -m nearer`, and the `nearer` command of an installed wheel."""

from nearer.web.cli import main

if __name__ == "__main__":
    main()
