# Adit in a container: built with Maven, run without it, by a user who owns nothing but the data directory.

FROM maven:3.9.11-eclipse-temurin-25 AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/m2 \
    mvn -B -ntp -Dmaven.repo.local=/m2 package -DskipTests -Dspotless.check.skip=true -pl pool-server -am

FROM eclipse-temurin:25-jre
RUN groupadd --gid 10001 adit \
    && useradd --uid 10001 --gid adit --no-create-home --home-dir /var/lib/adit --shell /usr/sbin/nologin adit \
    && install -d -o adit -g adit -m 0700 /var/lib/adit
COPY --from=build /src/pool-server/target/lib /opt/adit/lib
COPY config/pool.docker.toml /etc/adit/pool.toml
COPY LICENSE NOTICE /opt/adit/
USER 10001:10001
WORKDIR /var/lib/adit
VOLUME /var/lib/adit
EXPOSE 3333 8080
# A stop lets the journal end its epoch; it needs a moment, not a kill.
STOPSIGNAL SIGTERM
ENTRYPOINT ["java", "-XX:+UseG1GC", "-XX:G1HeapRegionSize=1m", "-XX:+UseCompactObjectHeaders", "--enable-native-access=ALL-UNNAMED", \
    "--sun-misc-unsafe-memory-access=allow", "-cp", "/opt/adit/lib/*", "adit.server.Adit"]
CMD ["run", "--config", "/etc/adit/pool.toml"]
