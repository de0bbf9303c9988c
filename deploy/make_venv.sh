#!/bin/sh
# Makes a virtual environment that has pip, or says in one sentence what is missing.
#
#   sh deploy/make_venv.sh FOLDER [PYTHON]
set -eu

folder=$1
wanted=${2:-}

refuse() {
    rm -rf "$folder"
    echo "jiexun: $1" >&2
    exit 2
}

fits() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null
}

python=
for candidate in ${wanted:-python3.11 python3.12 python3.13 python3}; do
    if fits "$candidate"; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    [ -z "$wanted" ] || refuse "PYTHON=$wanted is no Python 3.11, 3.12 or 3.13: name one that is, or leave PYTHON out."
    refuse "Python 3.11, 3.12 or 3.13 is missing: install one (apt-get install python3 python3-venv) or name it with make PYTHON=/path/to/python3."
fi

echo "Making $folder with $("$python" --version) ..."
if "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    "$python" -m venv "$folder" || refuse "$python cannot make an environment in $folder: see its message above."
elif "$python" -c 'import pip, venv' 2>/dev/null; then
    # Debian ships ensurepip apart from Python; a pip that stands beside it can fill the environment as well.
    "$python" -m venv --without-pip "$folder"
    "$python" -m pip --disable-pip-version-check --python "$folder/bin/python" install --quiet 'pip>=25' ||
        refuse "pip could not be installed into $folder: see its message above."
else
    refuse "$python has neither venv with ensurepip nor pip: install them (apt-get install python3-venv)."
fi
