package adit.server.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;

import org.jspecify.annotations.Nullable;

import static adit.server.config.Section.Count.ONE;
import static adit.server.config.Setting.byDefault;
import static adit.server.config.Setting.optional;

/// The keys of `[tls]` and `[acme]`, the two ways to a certificate, of which a pool takes one.
final class CertificateSettings {

    private static final PoolConfig.Acme ACME_DEFAULT = PoolConfig.Acme.DEFAULT;

    private static final Setting<Path> CERTIFICATE_FILE =
            optional(
                    "certificate-file",
                    ValueKind.path(),
                    Path.of("/etc/adit/fullchain.pem"),
                    "The certificate in PEM, and behind it those that vouch for it.");
    private static final Setting<Path> KEY_FILE =
            optional(
                    "key-file",
                    ValueKind.path(),
                    Path.of("/etc/adit/privkey.pem"),
                    "Its key in PEM, in a file that not everybody may read.");

    private static final Setting<List<String>> DOMAINS =
            optional(
                    "domains",
                    ValueKind.domains(),
                    List.of("pool.example"),
                    "The names miners connect to. Port 80 of each must lead here.");
    private static final Setting<Boolean> TERMS_AGREED =
            optional(
                    "terms-agreed",
                    ValueKind.yesOrNo(),
                    true,
                    "That you agree to the authority's terms of service. Nothing is ordered without.");
    private static final Setting<URI> DIRECTORY_URL =
            byDefault(
                    "directory-url",
                    ValueKind.httpsUrl("https://ca.example/directory"),
                    ACME_DEFAULT.directoryUrl(),
                    "The authority. The default is Let's Encrypt.");
    private static final Setting<String> CONTACT =
            optional(
                    "contact",
                    ValueKind.email(),
                    "operator@pool.example",
                    "Your e-mail address, for the authority alone.");
    private static final Setting<String> ADDRESS =
            byDefault(
                    "address",
                    ValueKind.host(),
                    ACME_DEFAULT.address(),
                    "The address to answer the authority on, while an order is open.");
    private static final Setting<Integer> PORT =
            byDefault(
                    "port",
                    ValueKind.whole(1, 65_535),
                    ACME_DEFAULT.port(),
                    "Its port. The authority always asks on port 80; choose another one where 80 is"
                            + " forwarded to it.");

    static final Section TLS =
            new Section(
                    "tls",
                    ONE,
                    "What listeners that speak TLS prove themselves with. Changed files are read again"
                            + " within a minute; connections stay.",
                    List.of(CERTIFICATE_FILE, KEY_FILE));
    static final Section ACME =
            new Section(
                    "acme",
                    ONE,
                    "Instead of [tls]: the pool orders its certificate itself, by ACME with http-01, and"
                            + " renews it when a third of its time is left.",
                    List.of(DOMAINS, TERMS_AGREED, DIRECTORY_URL, CONTACT, ADDRESS, PORT));

    private CertificateSettings() {}

    /// Null where no listener needs a certificate and none is named.
    static PoolConfig.@Nullable CertificateSource read(
            TomlFile file, List<PoolConfig.Listener> listeners, Path dataDirectory) {
        var tls = file.table(TLS);
        var acme = file.table(ACME);
        var speaker =
                listeners.stream()
                        .filter(l -> l.entry().transport() != PoolConfig.Transport.PLAIN)
                        .findFirst();
        if (!isNamed(acme)) {
            var files = files(tls);
            if (files == null && speaker.isPresent()) {
                throw tls.missing(
                        "certificate-file and key-file, or [acme] domains: listener %s speaks TLS"
                                .formatted(speaker.get().name()));
            }
            return files;
        }
        if (!tls.values().isEmpty()) {
            throw acme.problem("and [tls] are both there; keep one");
        }
        if (speaker.isEmpty()) {
            throw acme.problem("orders a certificate, and no listener speaks TLS");
        }
        return authority(acme, dataDirectory);
    }

    /// Keys that only say what holds without them ask for nothing.
    private static boolean isNamed(ConfigTable acme) {
        return acme.has(DOMAINS) || acme.has(TERMS_AGREED) || acme.has(CONTACT);
    }

    private static PoolConfig.@Nullable Tls files(ConfigTable table) {
        var certificate = table.optional(CERTIFICATE_FILE);
        var key = table.optional(KEY_FILE);
        if (certificate.isPresent() && key.isPresent()) {
            return new PoolConfig.Tls(certificate.get(), key.get());
        }
        if (certificate.isPresent() || key.isPresent()) {
            throw table.missing("both certificate-file and key-file");
        }
        return null;
    }

    private static PoolConfig.Acme authority(ConfigTable table, Path dataDirectory) {
        var url = table.value(DIRECTORY_URL);
        var domains = table.optional(DOMAINS).orElseThrow(() -> table.missing(DOMAINS.key()));
        if (!table.optional(TERMS_AGREED).orElse(false)) {
            throw table.missing(
                    "terms-agreed = true: read the terms of service of %s, then say so"
                            .formatted(url.getHost()));
        }
        return new PoolConfig.Acme(
                url,
                table.optional(CONTACT).orElse(null),
                domains,
                table.value(ADDRESS),
                table.value(PORT),
                dataDirectory.resolve(ACME_DEFAULT.directory()));
    }
}
