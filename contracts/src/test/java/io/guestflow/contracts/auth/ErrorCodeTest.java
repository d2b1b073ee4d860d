package io.guestflow.contracts.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ErrorCodeTest {
    /** DESIGN.md section 3, the table of causes. */
    @Test
    void theCodesAreTheDesignsTable() {
        assertEquals(
                List.of(
                        "REJECTED INVALID_REQUEST 400 false",
                        "REJECTED CONSENT_REQUIRED 400 false",
                        "REJECTED CONTEXT_NOT_ALLOWED 400 false",
                        "REJECTED CHANNEL_NOT_ALLOWED 403 false",
                        "REJECTED UPSTREAM_FORBIDDEN 403 false",
                        "FAILED UPSTREAM_REJECTED 502 false",
                        "FAILED UPSTREAM_UNAUTHORIZED 401 false",
                        "FAILED RATE_LIMITED 429 true",
                        "FAILED UPSTREAM_ERROR 502 true",
                        "FAILED UPSTREAM_UNAVAILABLE 503 true",
                        "FAILED DEADLINE_EXCEEDED 504 true"),
                Stream.of(ErrorCode.values())
                        .map(code ->
                                code.status() + " " + code.name() + " " + code.httpStatus() + " " + code.retryable())
                        .toList());
    }
}
