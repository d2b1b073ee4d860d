package io.guestflow.processor.effects.cxone;

import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What became of one HTTP call. */
sealed interface GateAnswer {

    /**
     * A whole answer of any status.
     *
     * @param retryAfter of a 429 or 503 that says it
     */
    record Answered(HttpResponse<byte[]> response, @Nullable Duration retryAfter, long nanos) implements GateAnswer {

        int status() {
            return response.statusCode();
        }

        byte[] body() {
            return response.body();
        }

        boolean success() {
            return status() >= 200 && status() < 300;
        }
    }

    /** The call was made and no whole answer came. */
    record Broken(CallFailure.Cause cause, long nanos) implements GateAnswer {}

    /** The call was not made: CXone asked this circuit, and no other, to wait so long. */
    record Paused(Duration left) implements GateAnswer {}

    /** The caller had nothing to send when its turn came. */
    record Unready() implements GateAnswer {}

    /** The call was not made. */
    record Held(CallFailure failure) implements GateAnswer {}
}
