# The server as an image: `docker build -t parlance .`; how to run it is in docs/deployment.md.

# Debian's libc, with which everything is tested; an image with another one is a few megabytes smaller.
ARG NODE_IMAGE=node:22-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
# No package that we use needs its install script; none gets to run one.
RUN npm ci --ignore-scripts
COPY nest-cli.json tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build

FROM ${NODE_IMAGE}
# For the embedded database; with DATABASE_URL and JWT_SECRET nothing is written.
RUN install -d -o node -g node -m 0700 /data
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --omit=dev && npm cache clean --force
COPY --from=build /app/dist ./dist

ENV NODE_ENV=production DATA_DIR=/data PORT=8000
# The image's user `node`, by number, so that an orchestrator can see that it is not root. The program is root's: the process
# cannot change it.
USER 1000:1000
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${parseInt(process.env.PORT)}/health/live`).then(({ ok }) => process.exit(ok ? 0 : 1))"]
# Not through npm or a shell: SIGTERM has to reach the server.
CMD ["node", "dist/main.js"]
