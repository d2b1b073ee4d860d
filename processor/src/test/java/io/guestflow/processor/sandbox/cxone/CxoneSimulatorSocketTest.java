package io.guestflow.processor.sandbox.cxone;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What only a caller that sees the bytes can tell. */
final class CxoneSimulatorSocketTest {

    private static final String TOKEN_CALL = "POST /api/v2/oauth/token HTTP/1.1\r\nHost: x\r\n"
            + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: "
            + SimulatorCaller.FORM.length() + "\r\n\r\n" + SimulatorCaller.FORM;

    private final CxoneSimulator simulator = CxoneSimulator.start();

    @AfterEach
    void stop() {
        simulator.close();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket("127.0.0.1", simulator.port());
        socket.setSoTimeout(5_000);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String readAll(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void oneConnectionServesManyCallsAlsoWhenTheyArriveTogether() throws Exception {
        try (Socket socket = connect()) {
            send(socket, TOKEN_CALL + TOKEN_CALL);
            send(socket, TOKEN_CALL.replace("Host: x", "Connection: close"));
            String answers = readAll(socket);
            assertEquals(3, answers.split("HTTP/1.1 200 OK", -1).length - 1);
        }
        assertEquals(3, simulator.tokensIssued());
        assertEquals(1, simulator.connections());
    }

    /** Or an outage would have guests who are served in it. */
    @Test
    void noConnectionThatComesWhileItClosesOutlivesIt() throws Exception {
        for (int round = 0; round < 20; round++) {
            CxoneSimulator closing = CxoneSimulator.start();
            List<Socket> connected = Collections.synchronizedList(new ArrayList<>());
            Thread caller = Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        connected.add(new Socket("127.0.0.1", closing.port()));
                    }
                } catch (IOException refused) {
                    // It is closed.
                }
            });
            await().until(() -> connected.size() > 2);
            closing.close();
            caller.join();
            for (Socket socket : connected) {
                socket.setSoTimeout(5_000);
                assertFalse(isServed(socket), "a connection outlived round " + round);
                socket.close();
            }
        }
    }

    private static boolean isServed(Socket socket) throws IOException {
        try {
            send(socket, TOKEN_CALL);
            return socket.getInputStream().read() >= 0;
        } catch (SocketException over) {
            return false;
        }
    }

    @Test
    void aCallSplitAtEveryByteIsReadWhole() throws Exception {
        try (Socket socket = connect()) {
            socket.setTcpNoDelay(true);
            for (byte b : TOKEN_CALL.getBytes(StandardCharsets.ISO_8859_1)) {
                socket.getOutputStream().write(b);
            }
            assertEquals(
                    "HTTP/1.1 200 OK",
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1))
                            .readLine());
        }
    }

    @Test
    void aResetIsAResetAndNotAClose() throws Exception {
        simulator.fault(Endpoint.TOKEN, new Fault.Reset(false), 1);
        try (Socket socket = connect()) {
            send(socket, TOKEN_CALL);
            assertThrows(SocketException.class, () -> readAll(socket));
        }
        assertEquals(0, simulator.tokensIssued());
        await().until(() -> simulator.calls(Endpoint.TOKEN, 0) == 1);
    }

    @Test
    void aResetAfterTheEffectLosesOnlyTheAnswer() throws Exception {
        simulator.fault(Endpoint.TOKEN, new Fault.Reset(true), 1);
        try (Socket socket = connect()) {
            send(socket, TOKEN_CALL);
            assertThrows(SocketException.class, () -> readAll(socket));
        }
        assertEquals(1, simulator.tokensIssued());
    }

    @Test
    void halfABodyIsLessThanItsContentLength() throws Exception {
        simulator.fault(Endpoint.TOKEN, new Fault.HalfBody(), 1);
        try (Socket socket = connect()) {
            send(socket, TOKEN_CALL);
            String answer = readAll(socket);
            int declared = Integer.parseInt(answer.split("Content-Length: ")[1].split("\r\n")[0]);
            assertEquals(declared / 2, answer.split("\r\n\r\n", 2)[1].length());
        }
    }

    @Test
    void aHangHoldsTheConnectionUntilTheCallerGoes() throws Exception {
        simulator.fault(Endpoint.TOKEN, new Fault.Hang(false), 1);
        try (Socket socket = connect()) {
            socket.setSoTimeout(50);
            send(socket, TOKEN_CALL);
            assertThrows(SocketTimeoutException.class, () -> readAll(socket));
            assertEquals(1, simulator.openConnections());
            assertEquals(1, simulator.inFlight(Endpoint.TOKEN));
        }
        await().until(() -> simulator.openConnections() == 0);
        assertEquals(1, simulator.calls(Endpoint.TOKEN, 0));
        assertEquals(0, simulator.inFlight(Endpoint.TOKEN));
    }

    @Test
    void whatIsNotHttpIsRefused() throws Exception {
        try (Socket socket = connect()) {
            send(socket, "GARBAGE\r\n\r\n");
            socket.shutdownOutput();
            assertTrue(readAll(socket).startsWith("HTTP/1.1 400"));
        }
        try (Socket socket = connect()) {
            send(socket, "GET / HTTP/1.1\r\nX: " + "a".repeat(RequestReader.MAX_HEAD) + "\r\n\r\n");
            socket.shutdownOutput();
            assertTrue(readAll(socket).startsWith("HTTP/1.1 431"));
        }
        try (Socket socket = connect()) {
            send(socket, "GET / HTTP/1.1\r\nX: a\u0000b\r\n\r\n");
            socket.shutdownOutput();
            assertTrue(readAll(socket).startsWith("HTTP/1.1 400"));
        }
        assertEquals(0, simulator.strayCalls());
    }
}
