package io.guestflow.processor.auth;

import io.guestflow.contracts.codec.Fields;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Context that is being injected in the background, try by try.
 *
 * @param commandId the command whose outcome is awaited; null between tries
 * @param contextKeys the keys of the context
 * @param context the context; empty in entries of versions that tried once, and then there is no second try
 * @param deadline until when it is tried
 * @param tries commands issued
 * @param calls calls made by those of them that have failed
 * @param nextAt when the next try is due, also if the last one's outcome never comes
 */
record Injection(
        @Nullable String commandId,
        String conversationId,
        List<String> contextKeys,
        Map<String, JsonNode> context,
        Instant deadline,
        int tries,
        int calls,
        Instant nextAt) {
    private static final int MAX_KEY = 128;
    private static final long LONGEST_DELAY_S = 15;

    /** The same, a command having been issued. */
    Injection issued(String command, Instant lostAt) {
        return new Injection(
                command, conversationId, contextKeys, context, deadline, tries + 1, calls, earliest(lostAt));
    }

    /** The same, the command having failed. */
    Injection failed(int itsCalls, Instant next) {
        return new Injection(
                null, conversationId, contextKeys, context, deadline, tries, calls + itsCalls, earliest(next));
    }

    /** How long to wait after the last try: 1, 2, 4, 8 and then always 15 s. */
    Duration delay() {
        return Duration.ofSeconds(Math.min(LONGEST_DELAY_S, 1L << Math.min(Math.max(0, tries - 1), 10)));
    }

    private Instant earliest(Instant time) {
        return time.isBefore(deadline) ? time : deadline;
    }

    static Injection read(Fields in) {
        Instant deadline = in.time("deadline");
        Instant nextAt = in.optionalTime("nextAt");
        return new Injection(
                in.optionalId("commandId"),
                in.id("conversationId"),
                in.texts("contextKeys", MAX_KEY),
                in.members("context"),
                deadline,
                count(in, "tries", 1),
                count(in, "calls", 0),
                nextAt == null ? deadline : nextAt);
    }

    private static int count(Fields in, String field, int absent) {
        Long count = in.optionalWhole(field, 0, Integer.MAX_VALUE);
        return count == null ? absent : count.intValue();
    }
}
