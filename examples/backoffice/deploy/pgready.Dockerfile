# pgready as a folder that needs no Python, for COPY --from in other images:
#     docker build -f deploy/pgready.Dockerfile -t backoffice/pgready:0.1.0 .
# It runs where glibc is at least as new as in the first stage (Debian 12: 2.36).
FROM python:3.12-slim-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends binutils && rm -rf /var/lib/apt/lists/*
WORKDIR /build
RUN pip install --no-cache-dir pyinstaller==6.22.3 pgready==0.1.0
# A folder and not one file: one file would unpack itself at every start and stay as a parent of what it starts.
RUN pyinstaller --log-level ERROR --noconfirm --onedir --name pgready --collect-submodules pgready \
    --collect-data pgready --collect-binaries psycopg_binary --copy-metadata pgready --distpath /opt \
    "$(python -c 'import pgready; print(pgready.__path__[0] + "/__main__.py")')"

FROM scratch
COPY --from=build /opt/pgready /opt/pgready
ENTRYPOINT ["/opt/pgready/pgready"]
