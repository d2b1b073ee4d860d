package io.guestflow.processor.runtime;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The servers that clients are given, looked at without Kafka: its clients only say that nobody answered. */
final class BootstrapServers {
    private static final Duration PROBE = Duration.ofSeconds(1);

    private final String text;
    private final List<String> servers;

    private BootstrapServers(String text) {
        this.text = text;
        this.servers = Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(server -> !server.isEmpty())
                .toList();
    }

    /** For {@code host:port} pairs separated by commas. */
    static BootstrapServers of(String text) {
        return new BootstrapServers(text);
    }

    /** Whether the name of any server can be resolved. */
    boolean anyResolves() {
        return servers.stream().anyMatch(server -> !new InetSocketAddress(host(server), 0).isUnresolved());
    }

    /** What a connection to each server comes to. */
    String probe() {
        return servers.stream().map(server -> server + ": " + connect(server)).collect(Collectors.joining(", "));
    }

    @Override
    public String toString() {
        return text;
    }

    private static String connect(String server) {
        try (Socket socket = new Socket()) {
            InetAddress address = InetAddress.getByName(host(server));
            socket.connect(new InetSocketAddress(address, port(server)), Math.toIntExact(PROBE.toMillis()));
            return "accepts connections";
        } catch (UnknownHostException e) {
            return "unknown host";
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        } catch (IllegalArgumentException e) {
            return "is not host:port";
        }
    }

    private static String host(String server) {
        String host = server.substring(0, Math.max(0, server.lastIndexOf(':')));
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    private static int port(String server) {
        return Integer.parseInt(server.substring(server.lastIndexOf(':') + 1));
    }
}
