package io.guestflow.processor.sandbox.cxone;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One caller's connection: requests one after the other until either side has enough. */
final class Connection implements Runnable {

    private final Socket socket;
    private final Service service;
    private final ControlApi control;
    private final CallRecords records;

    Connection(Socket socket, Service service, ControlApi control, CallRecords records) {
        this.socket = socket;
        this.service = service;
        this.control = control;
        this.records = records;
    }

    @Override
    public void run() {
        try (socket) {
            socket.setTcpNoDelay(true);
            serve(socket.getInputStream(), socket.getOutputStream());
        } catch (IOException e) {
            // The caller went away, or we were closed: both are ordinary ends of a connection.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(InputStream in, OutputStream out) throws IOException, InterruptedException {
        RequestReader reader = new RequestReader(in, () -> sendContinue(out));
        try {
            boolean more = true;
            while (more) {
                Request request = reader.next();
                more = request != null && answer(request, in, out) && !request.closes();
            }
        } catch (RequestReader.BadRequest e) {
            write(out, plain(e.status, e.getMessage()));
            // What the caller still sends would turn our close into a reset that eats the answer.
            socket.shutdownOutput();
            in.transferTo(OutputStream.nullOutputStream());
        }
    }

    private boolean answer(Request request, InputStream in, OutputStream out) throws IOException, InterruptedException {
        if (request.path().startsWith(ControlApi.PREFIX)) {
            write(out, control.answer(request));
            return true;
        }
        Endpoint endpoint = service.endpoint(request);
        if (endpoint == null) {
            records.stray();
            write(out, plain(404, "no such call"));
            return true;
        }
        Service.Exchange exchange = service.begin(endpoint, request);
        switch (exchange.reply()) {
            case Reply.Whole whole -> {
                // Counted before it is sent: whoever holds the answer must find it in the counters.
                service.end(exchange);
                write(out, whole);
                return true;
            }
            case Reply.Spoilt spoilt -> {
                try {
                    return misbehave(spoilt, in, out);
                } finally {
                    service.end(exchange);
                }
            }
        }
    }

    private boolean misbehave(Reply.Spoilt reply, InputStream in, OutputStream out)
            throws IOException, InterruptedException {
        switch (reply) {
            case Reply.Half(byte[] head, byte[] body) -> {
                out.write(head);
                out.write(body, 0, body.length / 2);
            }
            case Reply.Drip(byte[] head, byte[] body, Duration everyByte) -> {
                out.write(head);
                for (byte b : body) {
                    Thread.sleep(everyByte);
                    out.write(b);
                }
                return true;
            }
            case Reply.Silence ignored -> in.transferTo(OutputStream.nullOutputStream());
            case Reply.Abort ignored -> socket.setSoLinger(true, 0);
        }
        return false;
    }

    private static void write(OutputStream out, Reply.Whole whole) throws IOException {
        byte[] all = new byte[whole.head().length + whole.body().length];
        System.arraycopy(whole.head(), 0, all, 0, whole.head().length);
        System.arraycopy(whole.body(), 0, all, whole.head().length, whole.body().length);
        out.write(all);
    }

    private static Reply.Whole plain(int status, @Nullable String text) {
        byte[] body = String.valueOf(text).getBytes(StandardCharsets.UTF_8);
        return new Reply.Whole(Answer.head(status, Map.of(), "text/plain", body.length), body);
    }

    private static void sendContinue(OutputStream out) {
        try {
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
