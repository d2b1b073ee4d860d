package io.guestflow.processor.session;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Context updates of a running conversation: one is under way, the later ones wait, merged key by key, with the room
 * of one.
 *
 * @param last the number of the last one begun
 * @param current the one under way
 * @param waiting what is to be injected next
 */
record Injections(int last, @Nullable Injection current, Map<String, JsonNode> waiting) {
    static final Injections NONE = new Injections(0, null, Map.of());

    /**
     * One context update on its way.
     *
     * @param commandId of the call that is under way; null while it waits to be tried again
     * @param lookAt when the outcome counts as lost, or when it is tried again
     * @param giveUpAt after which it is not tried again
     * @param failures how often it has failed
     * @param calls made for it
     */
    record Injection(
            Map<String, JsonNode> context,
            @Nullable String commandId,
            Instant lookAt,
            Instant giveUpAt,
            int failures,
            int calls) {
        Injection asked(String command, Instant timeoutAt) {
            return new Injection(context, command, timeoutAt, giveUpAt, failures, calls);
        }

        Injection failed(int more, Instant again) {
            return new Injection(context, null, again, giveUpAt, failures + 1, calls + more);
        }

        List<String> keys() {
            return List.copyOf(context.keySet());
        }
    }

    Injections with(@Nullable Injection injection) {
        return new Injections(last, injection, waiting);
    }

    Injections withWaiting(Map<String, JsonNode> next) {
        return new Injections(last, current, next);
    }

    /** The next one begins with what has waited. */
    Injections begun(Injection injection) {
        return new Injections(last + 1, injection, Map.of());
    }
}
