# Build from the back office's folder: docker build -f deploy/worker_trading.Dockerfile -t backoffice/worker-trading .
FROM python:3.12-slim-bookworm AS build
WORKDIR /app
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
COPY deploy/requirements.txt ./
RUN pip install --no-cache-dir -r requirements.txt
COPY pgready.toml prisma.config.ts ./
COPY prisma ./prisma
COPY backoffice ./backoffice
COPY services/__init__.py ./services/
COPY services/worker_trading ./services/worker_trading
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
ENV PATH=/opt/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
USER 10001:10001
ENTRYPOINT ["pgready", "wait", "--verify", "parity", "--"]
CMD ["python", "-m", "services.worker_trading"]
