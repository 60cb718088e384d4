# Build from the back office's folder: docker build -f deploy/ledger_api.Dockerfile -t backoffice/ledger-api .
FROM python:3.12-slim-bookworm AS build
WORKDIR /app
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
COPY deploy/requirements.txt ./
RUN pip install --no-cache-dir -r requirements.txt
COPY pgready.toml prisma.config.ts roles.sql ./
COPY prisma ./prisma
COPY backoffice ./backoffice
COPY services/__init__.py ./services/
COPY services/ledger_api ./services/ledger_api
# The image is not built on a schema that is invalid or models that are not its own. The contract is what this image
# needs of a database; it carries the schema's digest.
RUN pgready validate \
    && pgready generate --check \
    && pgready parity schema --write-contract prisma/readiness.contract \
    && python -m compileall -q backoffice services

FROM python:3.12-slim-bookworm
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/opt/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 HOST=0.0.0.0 PORT=8000
USER 10001:10001
EXPOSE 8000
# It migrates as the owner (PGREADY_URL), whom the service that it becomes has forgotten.
ENTRYPOINT ["pgready", "boot", "--verify", "parity", "--health", ":8000", "--"]
CMD ["env", "-u", "PGREADY_URL", "python", "-m", "services.ledger_api"]
