# Build from the back office's folder, after pgready.Dockerfile:
#     docker build -f deploy/statements.Dockerfile -t backoffice/statements .
FROM backoffice/pgready:0.1.0 AS pgready

FROM node:22-bookworm-slim AS build
WORKDIR /app/services/statements
COPY services/statements/package.json services/statements/package-lock.json services/statements/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY pgready.toml prisma.config.ts /app/
COPY prisma /app/prisma
COPY services/statements /app/services/statements
WORKDIR /app
# Prisma's client is generated from the schema that the contract is made of. `generate` needs no engine: `true` stands
# for the one that it would otherwise download.
ENV PRISMA_SCHEMA_ENGINE_BINARY=/bin/true CHECKPOINT_DISABLE=1
RUN ln -s services/statements/node_modules node_modules \
    && DATABASE_URL=postgresql:// node_modules/.bin/prisma generate --generator client \
    && node_modules/.bin/tsc -p services/statements \
    && rm node_modules \
    && npm prune --omit=dev --no-audit --no-fund --prefix services/statements
COPY --from=pgready /opt/pgready /opt/pgready
RUN /opt/pgready/pgready parity schema --write-contract prisma/readiness.contract

FROM node:22-bookworm-slim
COPY --from=pgready /opt/pgready /opt/pgready
COPY --from=build /app/pgready.toml /app/prisma.config.ts /app/
COPY --from=build /app/prisma /app/prisma
COPY --from=build /app/services/statements/package.json /app/services/statements/
COPY --from=build /app/services/statements/node_modules /app/services/statements/node_modules
COPY --from=build /app/services/statements/dist /app/services/statements/dist
WORKDIR /app
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8003
USER 10001:10001
EXPOSE 8003
# No Python here: pgready came as a folder. It refuses a database that lacks what the client was generated for.
ENTRYPOINT ["/opt/pgready/pgready", "wait", "--verify", "parity", "--health", ":8003", "--"]
CMD ["node", "services/statements/dist/src/server.js"]
