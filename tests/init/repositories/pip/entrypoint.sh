#!/bin/sh
set -eu
# psql applies whatever is there.
echo starting
exec "$@"
