package adit.server.house;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.dataformat.toml.TomlMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

import adit.server.account.PayoutAddress;
import adit.server.config.ConfigFile;
import adit.server.config.PoolConfig;

import static org.assertj.core.api.Assertions.assertThat;

/// Reads the container files as their engine would and holds every name in them against the tree and each other.
/// Nothing is built or started here: that needs a Docker engine.
class ContainerFilesTest {
    private static final WorkingTree TREE = WorkingTree.here();
    private static final Set<String> INSTRUCTIONS =
            Set.of(
                    "FROM",
                    "WORKDIR",
                    "COPY",
                    "RUN",
                    "USER",
                    "VOLUME",
                    "EXPOSE",
                    "STOPSIGNAL",
                    "ENTRYPOINT",
                    "CMD");
    private static final Set<String> SERVICE_KEYS =
            Set.of(
                    "build",
                    "image",
                    "depends_on",
                    "ports",
                    "volumes",
                    "secrets",
                    "healthcheck",
                    "restart",
                    "stop_grace_period",
                    "read_only",
                    "tmpfs",
                    "cap_drop",
                    "security_opt",
                    "ulimits",
                    "environment",
                    "entrypoint");

    private final JsonNode compose = new YAMLMapper().readTree(TREE.read("docker-compose.yml"));
    private final JsonNode config = new TomlMapper().readTree(TREE.read("config/pool.docker.toml"));

    @Test
    void runsTheImageWithoutRoot() {
        var instructions = instructions();

        assertThat(instructions).extracting(Instruction::name).isSubsetOf(INSTRUCTIONS);
        assertThat(instructions.getFirst().name()).isEqualTo("FROM");
        assertThat(last("USER").words()).matches("[1-9]\\d*:[1-9]\\d*");
    }

    @Test
    void buildsOnPinnedImages() {
        var images =
                instructions().stream()
                        .filter(i -> i.name().equals("FROM"))
                        .map(i -> i.words().replaceFirst(" AS .*", ""))
                        .collect(Collectors.toCollection(ArrayList::new));
        compose.path("services").forEach(s -> images.add(s.path("image").asString()));
        images.remove("adit");

        assertThat(images).hasSize(4).allMatch(image -> image.matches("[a-z/-]+:[0-9][\\w.-]*"));
        assertThat(images.get(0)).endsWith("temurin-25");
        assertThat(images.get(1)).isEqualTo("eclipse-temurin:25-jre");
    }

    @Test
    void copiesWhatIsThere() {
        var copied = new ArrayList<String>();
        for (var instruction : instructions()) {
            var words = List.of(instruction.words().split(" "));
            if (instruction.name().equals("COPY") && !words.getFirst().startsWith("--from")) {
                copied.addAll(words.subList(0, words.size() - 1));
            }
        }

        assertThat(copied)
                .contains("config/pool.docker.toml")
                .allSatisfy(name -> assertThat(TREE.root().resolve(name)).exists());
    }

    @Test
    void startsThePoolWithTheLaunchersFlags() {
        var entry = strings(new ObjectMapper().readTree(last("ENTRYPOINT").words()));
        var flags = entry.subList(1, entry.indexOf("-cp"));

        assertThat(TREE.read("adit").replaceAll("\\s+", " "))
                .contains("jvm_flags=\"" + String.join(" ", flags) + "\"");
        assertThat(entry).endsWith("-cp", "/opt/adit/lib/*", "adit.server.Adit");
        assertThat(strings(new ObjectMapper().readTree(last("CMD").words())))
                .containsExactly("run", "--config", "/etc/adit/pool.toml");
    }

    @Test
    void composesOnlyWhatIsDeclared() {
        assertThat(keys(compose.path("services"))).containsExactly("bitcoind", "database", "pool");
        for (var service : compose.path("services")) {
            assertThat(keys(service)).isSubsetOf(SERVICE_KEYS);
            assertThat(service.path("healthcheck").path("test").path(0).asString())
                    .isEqualTo("CMD");
            assertThat(strings(service.path("secrets"))).isSubsetOf(keys(compose.path("secrets")));
            assertThat(keys(service.path("depends_on"))).isSubsetOf(keys(compose.path("services")));
            for (var volume : strings(service.path("volumes"))) {
                var source = volume.replaceFirst(":.*", "");
                if (source.startsWith("./")) {
                    assertThat(TREE.root().resolve(source)).exists();
                } else {
                    assertThat(keys(compose.path("volumes"))).contains(source);
                }
            }
        }
    }

    @Test
    void keepsSecretsInFilesThatGitDoesNotSee() {
        var names = new TreeSet<String>();
        compose.path("secrets").forEach(s -> names.add(s.path("file").asString()));

        assertThat(names).hasSize(2).allMatch(name -> name.startsWith("./secrets/"));
        assertThat(TREE.read(".gitignore").lines()).contains("/secrets/");
        assertThat(TREE.read(".dockerignore").lines()).contains("secrets");
        assertThat(compose.toString()).doesNotContainPattern("(?i)password\"?[:=]\"?[a-z0-9]{4,}");
    }

    /// The secrets lie elsewhere here; everything else is read as the container will.
    @Test
    void namesOnlySettingsThatExist(@TempDir Path secrets) throws IOException {
        for (var name : keys(compose.path("secrets"))) {
            Files.writeString(secrets.resolve(name), "a password\n");
        }
        var file = secrets.resolve("pool.toml");
        var text = TREE.read("config/pool.docker.toml");
        Files.writeString(file, text.replace("/run/secrets", secrets.toString()));

        var read = ConfigFile.read(file, Map.of());

        assertThat(read.pool().network()).isEqualTo(PoolConfig.Network.REGTEST);
        assertThat(PayoutAddress.parse(read.pool().payoutAddress(), "regtest")).isPresent();
        assertThat(read.nodes()).hasSize(1);
    }

    /// Engines mount a tmpfs without `exec` unless it is asked for.
    @Test
    void letsThePoolLoadTheLibrariesItUnpacks() {
        assertThat(compose.at("/services/pool/read_only").asBoolean()).isTrue();
        assertThat(strings(compose.at("/services/pool/tmpfs"))).containsExactly("/tmp:exec");
    }

    @Test
    void leadsThePoolToItsNeighbours() {
        var database = config.path("database");
        var node = config.path("node").path(0);
        var script = compose.at("/services/bitcoind/entrypoint/2").asString();
        var environment = compose.at("/services/database/environment");

        var databaseUrl = URI.create(database.path("url").asString().replaceFirst("^jdbc:", ""));
        assertThat(databaseUrl.getHost()).isEqualTo("database");
        assertThat(databaseUrl.getPath())
                .isEqualTo("/" + environment.path("POSTGRES_DB").asString());
        assertThat(database.path("user")).isEqualTo(environment.path("POSTGRES_USER"));
        assertThat(environment.path("POSTGRES_PASSWORD_FILE"))
                .isEqualTo(database.path("password-file"));
        var nodeUrl = URI.create(node.path("url").asString());
        assertThat(nodeUrl.getHost()).isEqualTo("bitcoind");
        assertThat(script)
                .contains("rpcbind=0.0.0.0:" + nodeUrl.getPort())
                .contains("rpcuser=" + node.path("user").asString())
                .contains(node.path("password-file").asString())
                .contains(
                        "zmqpubhashblock="
                                + node.path("zmq-hash-block")
                                        .asString()
                                        .replace("bitcoind", "0.0.0.0"));
        assertThat(config.at("/pool/network").asString()).isEqualTo("regtest");
        for (var part : List.of(database, node)) {
            var secret = part.path("password-file").asString();
            assertThat(secret).startsWith("/run/secrets/");
            assertThat(strings(compose.at("/services/pool/secrets")))
                    .contains(secret.replace("/run/secrets/", ""));
        }
    }

    @Test
    void opensThePortsThePoolListensOn() {
        int stratum = config.path("listener").path(0).path("port").asInt();
        int http = config.at("/http/port").asInt();

        assertThat(strings(compose.at("/services/pool/ports")))
                .containsExactly(stratum + ":" + stratum, "127.0.0.1:" + http + ":" + http);
        assertThat(last("EXPOSE").words()).isEqualTo(stratum + " " + http);
        assertThat(compose.at("/services/pool/healthcheck/test").toString()).contains("/" + http);
        assertThat(config.at("/pool/data-directory").asString()).isEqualTo(last("VOLUME").words());
        assertThat(strings(compose.at("/services/pool/volumes")))
                .contains("pool-data:" + last("VOLUME").words());
    }

    /// @param words what follows the name, continued lines joined and options of the builder left in
    private record Instruction(String name, String words) {}

    private static List<Instruction> instructions() {
        var text =
                TREE.read("Dockerfile").replaceAll("(?m)^#.*\\R", "").replaceAll("\\\\\\R\\s*", "");
        return text.lines()
                .filter(line -> !line.isBlank())
                .map(line -> line.split(" ", 2))
                .map(parts -> new Instruction(parts[0], parts[1]))
                .toList();
    }

    private static Instruction last(String name) {
        return instructions().stream()
                .filter(i -> i.name().equals(name))
                .reduce((_, later) -> later)
                .orElseThrow();
    }

    private static List<String> strings(JsonNode array) {
        return array.valueStream().map(JsonNode::asString).toList();
    }

    private static Set<String> keys(JsonNode object) {
        return new TreeSet<>(object.propertyNames());
    }
}
