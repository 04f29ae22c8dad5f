#!/bin/sh
# Finds a Python that the bundle has parts for, and hands over to setup/start.py.
# Run it as "sh start.sh": a stick may not keep the right to execute.
set -u
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P) || exit 1
start="$here/setup/start.py"
unset PYTHONHOME PYTHONPATH
if [ ! -f "$start" ]; then
    echo "展開してから、もう一度始めてください。 / Please extract the archive first." >&2
    exit 4
fi
for python in python3.13 python3.12 python3.11 python3 python; do
    if command -v "$python" >/dev/null 2>&1 && "$python" "$start" --suits >/dev/null 2>&1; then
        exec "$python" "$start" "$@"
    fi
done
echo "使える Python がありません。index.html は、そのまま読めます。" >&2
echo "There is no Python that fits. index.html can be read without it." >&2
exit 3
