package io.guestflow.processor.edge;

import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import tools.jackson.databind.json.JsonMapper;

/** Answers that are none, as RFC 9457 has them. They say nothing of the request: it may hold what nobody else should read. */
final class Problem {
    static final String MEDIA_TYPE = "application/problem+json";

    private Problem() {}

    static void send(ServerRequest request, ServerResponse response, Status status) {
        response.status(status);
        if (request.prologue().method().equals(Method.HEAD)) {
            response.send();
        } else {
            response.header(HeaderNames.CONTENT_TYPE, MEDIA_TYPE);
            response.send(body(status));
        }
    }

    /** Answers where there is no route to do it: not found, malformed, too large, failed. */
    static DirectHandler.TransportResponse of(
            DirectHandler.TransportRequest request, Status status, ServerResponseHeaders headers) {
        var response = DirectHandler.TransportResponse.builder().status(status).headers(headers);
        // A body after HEAD would be read as the next answer.
        return request.method().equals(Method.HEAD.text())
                ? response.build()
                : response.header(HeaderNames.CONTENT_TYPE, MEDIA_TYPE)
                        .entity(body(status))
                        .build();
    }

    private static byte[] body(Status status) {
        var problem = JsonMapper.shared().createObjectNode();
        problem.put("type", "about:blank");
        problem.put("title", status.reasonPhrase());
        problem.put("status", status.code());
        return JsonMapper.shared().writeValueAsBytes(problem);
    }
}
