package io.guestflow.processor.sandbox.broker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Finds ports for servers that must know their port before they bind it, and again after a restart. */
final class FreePorts {
    /**
     * Below the ranges from which Linux and macOS take the local ports of outgoing connections: a client that
     * reconnects to a broker that is down could be given that broker's own port, and then the broker cannot come back.
     */
    private static final int LOWEST = 20_000;

    private static final int HIGHEST = 30_000;
    private static final int TRIES = 200;

    private FreePorts() {}

    /** Free now; another process may still be faster, so the caller must be ready to ask again. */
    static List<Integer> find(int count) {
        var sockets = new ArrayList<ServerSocket>();
        try {
            for (int tries = 0; sockets.size() < count && tries < TRIES; tries++) {
                int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
                try {
                    sockets.add(new ServerSocket(port, 1, InetAddress.getLoopbackAddress()));
                } catch (IOException inUse) {
                    // The next random port.
                }
            }
            if (sockets.size() < count) {
                throw new IllegalStateException("no " + count + " free ports between " + LOWEST + " and " + HIGHEST
                        + " in " + TRIES + " tries");
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            sockets.forEach(FreePorts::release);
        }
    }

    private static void release(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException("cannot release port " + socket.getLocalPort(), e);
        }
    }
}
