# Two stages: the first installs from the lock file, the second holds only what runs.
FROM python:3.13-slim AS builder
WORKDIR /portal
COPY requirements/run.txt requirements/
RUN --mount=type=cache,target=/root/.cache/pip \
    python -m venv .venv \
    && .venv/bin/python -m pip install --quiet --disable-pip-version-check \
        --only-binary=:all: --require-hashes -r requirements/run.txt
COPY pyproject.toml ./
COPY app app
COPY templates templates
COPY static static
# Compiled here, since the root file system is read-only later; readable by the portal's user
# whatever the umask of the checkout was.
RUN .venv/bin/python -m pip install --quiet --disable-pip-version-check \
        --no-deps --no-build-isolation --editable . \
    && .venv/bin/python -m compileall -q --invalidation-mode unchecked-hash app \
    && chmod -R a+rX,go-w .

FROM python:3.13-slim
WORKDIR /portal
COPY --from=builder /portal /portal
RUN install -d -o 10001 -g 10001 -m 0700 /data
ENV PATH=/portal/.venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PORTAL_DATA_DIR=/data \
    PORTAL_HOST=0.0.0.0
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
    CMD ["portal", "ready", "--live"]
ENTRYPOINT ["portal"]
CMD ["serve"]
