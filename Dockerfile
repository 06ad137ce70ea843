# polar-mock and polar-contract in one image: `docker build -t polar-mock .`; docs/pipelines.md says how to use it.
ARG PYTHON=3.13
FROM python:${PYTHON}-slim AS build
WORKDIR /src
COPY . .
# The image's pip installs into the environment, so that no second pip is in it.
RUN python -m venv --without-pip /opt/polar
RUN python -m pip --python /opt/polar/bin/python install --no-cache-dir --disable-pip-version-check -c constraints.txt '.[contract-tests]'

FROM python:${PYTHON}-slim
COPY --from=build /opt/polar /opt/polar
# Nothing is written but reports, into the working folder, so the root file system can be read-only.
ENV PATH=/opt/polar/bin:/usr/local/bin:/usr/bin:/bin PYTHONDONTWRITEBYTECODE=1 HOME=/tmp
RUN mkdir -m 1777 /reports
WORKDIR /reports
USER 10001:10001
EXPOSE 8000
# The server itself handles SIGTERM, also as process 1, and ends within two seconds.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=2s --timeout=5s --start-period=30s --retries=5 CMD ["polar-mock", "wait", "--timeout", "0"]
# Others reach this address, so the control API needs a key: POLAR_MOCK_KEY, or the one that is printed at start.
CMD ["polar-mock", "serve", "--host", "0.0.0.0"]
