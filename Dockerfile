# The image serves; it does not train, so there is no torch in it.

FROM python:3.11-slim-bookworm AS builder
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
RUN python -m venv /opt/venv
COPY requirements/build.txt requirements/serving.txt requirements/
RUN pip install --require-hashes -r requirements/build.txt \
    && /opt/venv/bin/pip install --require-hashes -r requirements/serving.txt
COPY pyproject.toml LICENSE NOTICE ./
COPY embeddings embeddings
COPY index index
COPY service service
RUN pip wheel --no-deps --no-build-isolation --wheel-dir /wheels . \
    && /opt/venv/bin/pip install --no-deps --no-index --find-links /wheels onramp \
    && /opt/venv/bin/pip uninstall --yes setuptools pip

FROM python:3.11-slim-bookworm AS runtime
# Whoever calls needs a key, and the first one is made in the container's volume:
#   docker run --rm -v onramp:/data onramp onramp --data /data keys create --scope admin
#   docker run --rm -p 127.0.0.1:8000:8000 -v onramp:/data onramp
# It speaks plain HTTP, so a port beyond loopback belongs behind a proxy with TLS.
LABEL org.opencontainers.image.title="Onramp" \
    org.opencontainers.image.description="Recommends the next microcredential, offline and on plain CPUs" \
    org.opencontainers.image.licenses="Apache-2.0" \
    onramp.access="keys: onramp keys create --scope admin; plain HTTP: TLS is a proxy's"
# The last one: where the library of the plots keeps its table of fonts, since its user has no home.
ENV PATH=/opt/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 MPLCONFIGDIR=/tmp/matplotlib
RUN useradd --system --uid 10001 --no-create-home onramp \
    && mkdir /data \
    && chown onramp /data
COPY --from=builder /opt/venv /opt/venv
COPY LICENSE NOTICE /usr/share/doc/onramp/
USER onramp
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/health/ready', timeout=4)"]
CMD ["onramp", "--data", "/data", "serve", "--host", "0.0.0.0", "--port", "8000"]
