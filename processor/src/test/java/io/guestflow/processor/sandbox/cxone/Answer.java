package io.guestflow.processor.sandbox.cxone;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** An answer before it is put on the wire; {@code guestId} says on whose account the call goes. */
record Answer(
        int status,
        Map<String, String> headers,
        ObjectNode body,
        @Nullable String guestId) {

    static Answer of(int status, ObjectNode body) {
        return new Answer(status, Map.of(), body, null);
    }

    /** The error body of CXone's digital API. */
    static Answer refusal(int status, String field, String message) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putArray("errors")
                .addObject()
                .put("field", field)
                .put("message", message)
                .put("errorCode", "E" + status);
        return of(status, body);
    }

    Answer with(String header, String value) {
        return new Answer(status, Map.of(header, value), body, guestId);
    }

    Answer onAccountOf(String guest) {
        return new Answer(status, headers, body, guest);
    }

    static byte[] head(int status, Map<String, String> headers, String contentType, int length) {
        StringBuilder head = new StringBuilder(160);
        head.append("HTTP/1.1 ").append(status).append(' ').append(reason(status));
        head.append("\r\nContent-Type: ").append(contentType);
        head.append("\r\nContent-Length: ").append(length);
        headers.forEach(
                (name, value) -> head.append("\r\n").append(name).append(": ").append(value));
        return head.append("\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 201 -> "Created";
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 429 -> "Too Many Requests";
            case 503 -> "Service Unavailable";
            default -> "Status " + status;
        };
    }
}
