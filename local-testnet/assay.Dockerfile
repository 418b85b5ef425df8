# The command `assay` with everything that it needs: workers, steward, Ray. NOT RUN by our tests.
FROM docker.io/library/python:3.11-slim-bookworm
WORKDIR /assay
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes --requirement requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY offchain offchain
COPY ray_jobs ray_jobs
COPY validators validators
COPY governance governance
COPY runtime-specs/artifacts runtime-specs/artifacts
RUN pip install --no-cache-dir --no-deps --no-build-isolation --editable .
