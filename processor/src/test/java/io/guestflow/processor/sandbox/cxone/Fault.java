package io.guestflow.processor.sandbox.cxone;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One way to misbehave. Faults that spoil an answer come after the call took effect, the others before it. */
public sealed interface Fault {

    /** Refuses with this status, without effect. */
    record Status(int status, @Nullable RetryAfter retryAfter) implements Fault {
        public Status(int status) {
            this(status, null);
        }
    }

    /** Answers this status and a {@code Location}; whoever follows it shows up in the counters. */
    record Redirect(int status, String location) implements Fault {}

    /** Never answers; the connection stays until the caller gives it up. */
    record Hang(boolean afterEffect) implements Fault {}

    /** Resets the connection instead of answering. */
    record Reset(boolean afterEffect) implements Fault {}

    /** Sends the head and half of the body, then closes. */
    record HalfBody() implements Fault {}

    /** Sends the head, then the body byte by byte. */
    record SlowDrip(Duration everyByte) implements Fault {}

    /** Sends this instead of the body, with the status the call earned. */
    record Body(String text) implements Fault {}

    /** Sends the body without this field. */
    record Without(String field) implements Fault {}

    /** Sends the body with this field changed. */
    record Replaced(String field, JsonNode value) implements Fault {}

    /** Sends the body with so much blank space in front. */
    record Padded(int bytes) implements Fault {}

    /** HTML where JSON was promised. */
    static Fault notJson() {
        return new Body("<html><body>Bad Gateway</body></html>");
    }

    /** No body at all. */
    static Fault emptyBody() {
        return new Body("");
    }

    /** Reads the control API's form: {@code kind} and that kind's own fields. */
    static Fault of(JsonNode json) {
        String kind = json.path("kind").stringValue("");
        JsonNode retryAfter = json.path("retryAfter");
        boolean afterEffect = json.path("afterEffect").booleanValue(false);
        return switch (kind.toLowerCase(Locale.ROOT)) {
            case "status" ->
                new Status(
                        json.path("status").intValue(),
                        retryAfter.isMissingNode() ? null : RetryAfter.parse(retryAfter.asString()));
            case "redirect" ->
                new Redirect(
                        json.path("status").intValue(), json.path("location").stringValue());
            case "hang" -> new Hang(afterEffect);
            case "reset" -> new Reset(afterEffect);
            case "half-body" -> new HalfBody();
            case "slow-drip" ->
                new SlowDrip(Duration.ofMillis(json.path("everyMs").longValue()));
            case "not-json" -> notJson();
            case "empty-body" -> emptyBody();
            case "body" -> new Body(json.path("text").stringValue());
            case "without" -> new Without(json.path("field").stringValue());
            case "replaced" -> new Replaced(json.path("field").stringValue(), json.path("value"));
            case "padded" -> new Padded(json.path("bytes").intValue());
            default -> throw new IllegalArgumentException("unknown fault kind '" + kind + "'");
        };
    }
}
