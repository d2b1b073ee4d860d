package io.guestflow.processor.sandbox.cxone;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads HTTP/1.1 requests off one connection, buffered, without regular expressions: load runs on the same cores. */
final class RequestReader {

    /** Tomcat's default for a whole request head; a client that grows past it must find out here. */
    static final int MAX_HEAD = 8 * 1024;

    private static final int MAX_BODY = 4 * 1024 * 1024;

    /** A request that cannot be read; the connection ends with this status. */
    static final class BadRequest extends IOException {
        final int status;

        BadRequest(int status, String message) {
            super(message);
            this.status = status;
        }
    }

    private final InputStream in;
    private final Runnable continues;
    private final byte[] buffer = new byte[16 * 1024];
    private int from;
    private int to;

    /** @param continues told when a caller waits for {@code 100 Continue} before it sends its body */
    RequestReader(InputStream in, Runnable continues) {
        this.in = in;
        this.continues = continues;
    }

    /** The next request, null when the caller has closed between two requests. */
    @Nullable
    Request next() throws IOException {
        int headEnd = readHead();
        if (headEnd < 0) {
            return null;
        }
        int lineEnd = endOfLine(from, headEnd);
        String line = new String(buffer, from, lineEnd - from, StandardCharsets.ISO_8859_1);
        int firstSpace = line.indexOf(' ');
        int lastSpace = line.lastIndexOf(' ');
        if (firstSpace <= 0 || lastSpace <= firstSpace) {
            throw new BadRequest(400, "request line");
        }
        String target = line.substring(firstSpace + 1, lastSpace);
        Map<String, String> headers = headers(lineEnd + 2, headEnd);
        from = headEnd + 4;
        byte[] body = body(headers);
        int mark = target.indexOf('?');
        return new Request(
                line.substring(0, firstSpace),
                mark < 0 ? target : target.substring(0, mark),
                mark < 0 ? "" : target.substring(mark + 1),
                headers,
                body);
    }

    /** Position of the blank line's first CR, -1 at the end of the stream. */
    private int readHead() throws IOException {
        int scanned = from;
        while (true) {
            for (int i = scanned; i + 3 < to; i++) {
                if (buffer[i] == '\r' && buffer[i + 1] == '\n' && buffer[i + 2] == '\r' && buffer[i + 3] == '\n') {
                    refuseOver(i - from);
                    return i;
                }
            }
            refuseOver(to - from);
            scanned = Math.max(from, to - 3);
            if (to == buffer.length || from == to) {
                System.arraycopy(buffer, from, buffer, 0, to - from);
                scanned -= from;
                to -= from;
                from = 0;
            }
            int read = in.read(buffer, to, buffer.length - to);
            if (read < 0) {
                if (from == to) {
                    return -1;
                }
                throw new BadRequest(400, "end of stream inside a request head");
            }
            to += read;
        }
    }

    private static void refuseOver(int headBytes) throws BadRequest {
        if (headBytes > MAX_HEAD) {
            throw new BadRequest(431, "request head over " + MAX_HEAD + " bytes");
        }
    }

    private int endOfLine(int start, int limit) {
        int i = start;
        while (i < limit && buffer[i] != '\r') {
            i++;
        }
        return i;
    }

    private Map<String, String> headers(int start, int end) throws BadRequest {
        Map<String, String> headers = new HashMap<>();
        int lineStart = start;
        while (lineStart < end) {
            int lineEnd = endOfLine(lineStart, end);
            int colon = lineStart;
            while (colon < lineEnd && buffer[colon] != ':') {
                colon++;
            }
            if (colon == lineStart || colon == lineEnd) {
                throw new BadRequest(400, "header line");
            }
            for (int i = colon + 1; i < lineEnd; i++) {
                if ((buffer[i] >= 0 && buffer[i] < ' ' && buffer[i] != '\t') || buffer[i] == 127) {
                    throw new BadRequest(400, "control character in a header value");
                }
            }
            String name = new String(buffer, lineStart, colon - lineStart, StandardCharsets.ISO_8859_1)
                    .toLowerCase(Locale.ROOT);
            String value = new String(buffer, colon + 1, lineEnd - colon - 1, StandardCharsets.ISO_8859_1).strip();
            headers.merge(name, value, (first, second) -> first + ", " + second);
            lineStart = lineEnd + 2;
        }
        return headers;
    }

    private byte[] body(Map<String, String> headers) throws IOException {
        if (headers.containsKey("transfer-encoding")) {
            throw new BadRequest(411, "a body needs Content-Length here");
        }
        String declared = headers.get("content-length");
        if (declared == null) {
            return new byte[0];
        }
        int length;
        try {
            length = Integer.parseInt(declared);
        } catch (NumberFormatException e) {
            throw new BadRequest(400, "Content-Length");
        }
        if (length < 0 || length > MAX_BODY) {
            throw new BadRequest(413, "body over " + MAX_BODY + " bytes");
        }
        if ("100-continue".equalsIgnoreCase(headers.get("expect"))) {
            continues.run();
        }
        byte[] body = Arrays.copyOfRange(buffer, from, from + Math.min(length, to - from));
        from += body.length;
        if (body.length < length) {
            int had = body.length;
            body = Arrays.copyOf(body, length);
            if (in.readNBytes(body, had, length - had) < length - had) {
                throw new BadRequest(400, "end of stream inside a body");
            }
        }
        return body;
    }
}
