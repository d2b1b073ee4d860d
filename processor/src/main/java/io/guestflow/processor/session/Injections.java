package io.guestflow.processor.session;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Context updates of a running conversation: one is under way, the later ones wait, merged key by key. What waits is
 * bounded by the allow-list, which has let its keys pass.
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

    /** The last value of a key wins. */
    static Map<String, JsonNode> merged(Map<String, JsonNode> earlier, Map<String, JsonNode> later) {
        if (earlier.isEmpty()) {
            return later;
        }
        Map<String, JsonNode> both = new LinkedHashMap<>(earlier);
        both.putAll(later);
        return Collections.unmodifiableMap(both);
    }

    Injections with(@Nullable Injection injection) {
        return new Injections(last, injection, waiting);
    }

    Injections withWaiting(Map<String, JsonNode> more) {
        return new Injections(last, current, merged(waiting, more));
    }

    /** The next one begins with what has waited. */
    Injections begun(Injection injection) {
        return new Injections(last + 1, injection, Map.of());
    }
}
