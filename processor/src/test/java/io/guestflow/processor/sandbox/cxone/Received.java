package io.guestflow.processor.sandbox.cxone;

import java.util.Map;

/** A request as it came over the wire: path as sent, headers by lower-case name, body as text. */
public record Received(String method, String path, Map<String, String> headers, String body) {

    private static final int MAX_BODY = 64 * 1024;

    static Received of(Request request) {
        String text = request.text();
        return new Received(
                request.method(),
                request.path(),
                Map.copyOf(request.headers()),
                text.length() <= MAX_BODY ? text : text.substring(0, MAX_BODY));
    }
}
