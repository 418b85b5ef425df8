# The native node, built from this checkout: about 40 minutes on two cores. NOT RUN by our tests.
FROM docker.io/library/rust:1.95-bookworm AS build
RUN apt-get update \
  && apt-get install -y --no-install-recommends clang libclang-dev protobuf-compiler \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /assay
COPY runtime-specs runtime-specs
RUN cargo build --locked --profile node --package assay-node --manifest-path runtime-specs/Cargo.toml --target-dir /target

FROM docker.io/library/debian:bookworm-slim
COPY --from=build /target/node/assay-node /usr/local/bin/assay-node
ENTRYPOINT ["assay-node"]
