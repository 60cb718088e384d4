# Build from the back office's folder: docker build -f deploy/tagging_api.Dockerfile -t backoffice/tagging-api .
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
COPY services/tagging_api ./services/tagging_api
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
ENV PATH=/opt/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 HOST=0.0.0.0 PORT=8001
USER 10001:10001
EXPOSE 8001
ENTRYPOINT ["pgready", "wait", "--verify", "parity", "--health", ":8001", "--"]
CMD ["python", "-m", "services.tagging_api"]
