package io.guestflow.processor.edge;

import io.guestflow.processor.config.Settings;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The HTTP listener. Every request has a virtual thread of its own. Whatever is not answered by a route is answered by a
 * {@code application/problem+json}.
 *
 * <p>Threading: started and stopped by one thread; routes run on many.
 */
public final class HttpEdge implements AutoCloseable {
    // A webhook's body goes on a topic, which takes 64 KiB; the rest is room for what is dropped from it first.
    private static final long MAX_BODY = 256 * 1024;
    // What is read in order to be thrown away; past it the connection is cut.
    private static final long MAX_REFUSED_BODY = 4 * 1024 * 1024;
    private static final int MAX_HEADERS = 16 * 1024;
    private static final int MAX_REQUEST_LINE = 4 * 1024;
    private static final int MAX_CONNECTIONS = 2_000;
    private static final Duration IDLE = Duration.ofMinutes(1);
    // Spent at most twice: on requests, then on what they started.
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final WebServer server;

    private HttpEdge(WebServer server) {
        this.server = server;
    }

    /**
     * Listens, and answers from then on.
     *
     * @throws EdgeException if the address is taken or not this machine's
     */
    public static HttpEdge start(Settings.Http http, List<Route> routes) throws EdgeException {
        InetAddress address = addressOf(http);
        WebServer server = WebServer.builder()
                .address(address)
                .port(http.port())
                // The order of the end is ours.
                .shutdownHook(false)
                .shutdownGracePeriod(GRACE)
                .maxPayloadSize(MAX_REFUSED_BODY)
                .maxTcpConnections(MAX_CONNECTIONS)
                .idleConnectionTimeout(IDLE)
                .addProtocol(Http1Config.builder()
                        .maxHeadersSize(MAX_HEADERS)
                        .maxPrologueLength(MAX_REQUEST_LINE)
                        .build())
                .directHandlers(problems())
                .routing(routing -> register(routing, routes))
                .build()
                .start();
        // Helidon reports a failed start in its log only.
        if (!server.isRunning()) {
            throw cannotListen(http, "see the log", null);
        }
        return new HttpEdge(server);
    }

    /** The port that is listened on, also when any free one was asked for. */
    public int port() {
        return server.port();
    }

    /** Takes no more connections, waits up to two seconds for running requests, and ends. */
    @Override
    public void close() {
        server.stop();
    }

    private static InetAddress addressOf(Settings.Http http) throws EdgeException {
        try {
            InetAddress address = InetAddress.getByName(http.host());
            // Tried here first, because Helidon keeps the reason to itself.
            try (var probe = new ServerSocket()) {
                probe.setReuseAddress(true);
                probe.bind(new InetSocketAddress(address, http.port()));
            }
            return address;
        } catch (IOException e) {
            throw cannotListen(http, String.valueOf(e.getMessage()), e);
        }
    }

    private static EdgeException cannotListen(
            Settings.Http http, String why, @org.jspecify.annotations.Nullable Throwable cause) {
        return new EdgeException(
                "cannot listen on " + http.host() + ":" + http.port() + " (" + why
                        + "): set GUESTFLOW_HTTP_HOST to an address of this machine and GUESTFLOW_HTTP_PORT to a free port",
                cause);
    }

    private static void register(HttpRouting.Builder routing, List<Route> routes) {
        routing.addFilter(new BodyLimit(MAX_BODY));
        var methods = new LinkedHashMap<String, TreeSet<String>>();
        for (Route route : routes) {
            routing.route(route.method(), route.path(), route.handler());
            methods.computeIfAbsent(route.path(), path -> new TreeSet<>())
                    .add(route.method().text());
        }
        // Helidon answers 404 to a method that a known path does not have.
        for (Map.Entry<String, TreeSet<String>> path : methods.entrySet()) {
            String allowed = String.join(", ", path.getValue());
            routing.any(path.getKey(), (request, response) -> {
                response.header(HeaderNames.ALLOW, allowed);
                Problem.send(request, response, Status.METHOD_NOT_ALLOWED_405);
            });
        }
    }

    private static DirectHandlers problems() {
        DirectHandler handler = (request, type, status, headers, message) -> Problem.of(request, status, headers);
        var handlers = DirectHandlers.builder();
        for (DirectHandler.EventType type : DirectHandler.EventType.values()) {
            handlers.addHandler(type, handler);
        }
        return handlers.build();
    }
}
