package io.guestflow.processor.effects.cxone;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;

/**
 * How a CXone tenant is reached.
 *
 * @param baseUrl scheme, host and perhaps a path that all of the profile's paths are put behind
 * @param callTimeout for one HTTP call, from its start to the last byte of its answer
 */
public record HttpSettings(
        URI baseUrl,
        String clientId,
        String clientSecret,
        List<String> scopes,
        Duration connectTimeout,
        Duration callTimeout,
        HttpClient.Version httpVersion,
        List<String> initialQueueIds,
        Profile profile) {

    /** 2 s. */
    public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(2);

    /** 5 s. */
    public static final Duration DEFAULT_CALL_TIMEOUT = Duration.ofSeconds(5);

    /** @throws IllegalArgumentException when a value cannot work, naming it */
    public HttpSettings {
        String scheme = baseUrl.getScheme();
        if (!("http".equals(scheme) || "https".equals(scheme))
                || baseUrl.getHost() == null
                || baseUrl.getRawUserInfo() != null
                || baseUrl.getRawQuery() != null
                || baseUrl.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "the CXone base URL must be http(s)://host[:port][/path] without user, query or fragment");
        }
        if (clientId.isBlank() || clientSecret.isBlank()) {
            throw new IllegalArgumentException("CXone client id and secret must not be empty");
        }
        if (!connectTimeout.isPositive() || !callTimeout.isPositive()) {
            throw new IllegalArgumentException("CXone connect and call timeout must be positive");
        }
        scopes = List.copyOf(scopes);
        initialQueueIds = List.copyOf(initialQueueIds);
    }

    /** The tutorial's profile over HTTP/1.1 with the default timeouts and no queue. */
    public static HttpSettings of(URI baseUrl, String clientId, String clientSecret, List<String> scopes) {
        return new HttpSettings(
                baseUrl,
                clientId,
                clientSecret,
                scopes,
                DEFAULT_CONNECT_TIMEOUT,
                DEFAULT_CALL_TIMEOUT,
                HttpClient.Version.HTTP_1_1,
                List.of(),
                Profile.TUTORIAL);
    }

    /** An address below the base URL. */
    URI resolve(String path) {
        String base = baseUrl.toString();
        return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
    }

    /** Over plain HTTP to another machine. */
    boolean secretsTravelInClear() {
        String host = baseUrl.getHost();
        boolean here = host.equals("localhost") || host.equals("[::1]") || host.startsWith("127.");
        return "http".equals(baseUrl.getScheme()) && !here;
    }

    /** Everything but the secret. */
    @Override
    public String toString() {
        return "HttpSettings[baseUrl=" + baseUrl + ", clientId=" + clientId + ", scopes=" + scopes + ", connectTimeout="
                + connectTimeout + ", callTimeout=" + callTimeout + ", httpVersion=" + httpVersion
                + ", initialQueueIds=" + initialQueueIds + ", profile=" + profile.name() + "]";
    }
}
