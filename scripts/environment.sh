# Sourced by ./run and ./check: a Python environment in .venv that holds exactly what a lock says.
# A stamp carries the checksum of the lock, so that a changed lock is installed and nothing else is.

python=.venv/bin/python

stamp_of() {
    echo ".venv/stamp-$(cksum < "$1" | tr -d ' ')"
}

make_environment() {
    find_python=${PYTHON:-python3}
    command -v "$find_python" > /dev/null || {
        echo "Nearer needs Python 3.11 or newer and found none. Install Python, then start again." >&2
        exit 1
    }
    "$find_python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
        echo "Nearer needs Python 3.11 or newer, and this is $("$find_python" --version)." \
            "Install a newer one, then start with PYTHON=python3.12 $0" >&2
        exit 1
    }
    "$find_python" -c 'import ensurepip, venv' 2> /dev/null || {
        echo "Python's venv module is missing. On Debian or Ubuntu: apt install python3-venv." \
            "Then start again." >&2
        exit 1
    }
    "$find_python" -m venv --clear .venv
}

# install LOCK: the lock's packages and nothing that its hashes do not name.
install() {
    [ -x "$python" ] && "$python" -c '' 2> /dev/null || make_environment
    echo "Installing what Nearer needs. This happens once and takes about a minute." >&2
    rm -f .venv/stamp-*
    "$python" -m pip install --quiet --quiet --disable-pip-version-check \
        --require-hashes --only-binary :all: --requirement "$1" || {
        echo "Installing did not work; the lines above say why. Nothing else was changed." \
            "Check the network, then start again." >&2
        exit 1
    }
    : > "$(stamp_of "$1")"
}
