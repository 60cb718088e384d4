#!/bin/sh
# trading-svc: wait for the platform's history as the service's own role (and, in an image, for what its models need),
# bring its own up to date as the owner of its schema (in its own folder, where its settings are), then become the
# service, which knows no owner's URL.
set -eu
PGREADY="${PGREADY:-pgready}"
verify=history
[ ! -e prisma/readiness.contract ] || verify=parity
# shellcheck disable=SC2086 # PGREADY may be several words
exec $PGREADY wait --verify "$verify" -- \
    env --chdir=services/trading_svc PGREADY_URL="$TRADING_OWNER_URL" $PGREADY boot -- \
    env --chdir=../.. -u PGREADY_URL -u TRADING_OWNER_URL "$@"
