package io.guestflow.processor.sandbox.cxone;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request read whole: path and query as sent, headers by lower-case name. */
record Request(String method, String path, String query, Map<String, String> headers, byte[] body) {

    @Nullable
    String header(String lowerCaseName) {
        return headers.get(lowerCaseName);
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    boolean contentTypeIs(String type) {
        String declared = headers.get("content-type");
        return declared != null && declared.regionMatches(true, 0, type, 0, type.length());
    }

    boolean closes() {
        return "close".equalsIgnoreCase(headers.get("connection"));
    }
}
