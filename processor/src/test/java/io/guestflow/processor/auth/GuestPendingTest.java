package io.guestflow.processor.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.guestflow.contracts.auth.Consent;
import io.guestflow.contracts.facts.Source;
import io.guestflow.processor.wire.Trace;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

class GuestPendingTest {
    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

    private final GuestPending two = GuestPending.NONE
            .with("late", pending("late", START.plusSeconds(9)))
            .with("early", pending("early", START.plusSeconds(5)));

    @Test
    void requestsOfAGuestAreKeptApart() {
        assertEquals(2, two.count());
        assertEquals("late.1", two.of("late").commandId());
        assertEquals("early.1", two.of("early").commandId());
        assertNull(two.of("other"));
    }

    @Test
    void oneThatEndsLeavesTheOthers() {
        GuestPending one = two.with("early", null);

        assertNull(one.of("early"));
        assertEquals("late.1", one.of("late").commandId());
        assertEquals(GuestPending.NONE, one.with("late", null));
    }

    @Test
    void anotherAttemptTakesThePlaceOfTheOneBefore() {
        GuestPending again = two.with("late", pending("again", START.plusSeconds(20)));

        assertEquals(2, again.count());
        assertEquals("again.1", again.of("late").commandId());
    }

    @Test
    void theFirstDeadlineIsTheEarliest() {
        assertEquals(START.plusSeconds(5), two.firstDeadline());
        assertEquals(Instant.MAX, GuestPending.NONE.firstDeadline());
    }

    @Test
    void itIsReadAsItWasWritten() {
        assertEquals(two, GuestPending.CODEC.read(GuestPending.CODEC.write(two)));
    }

    @Test
    void itIsReadAlsoWhenItHoldsSeveralLargeRequests() {
        GuestPending large = GuestPending.NONE;
        for (int i = 0; i < 10; i++) {
            large = large.with("r" + i, pending("r" + i, START, Map.of("note", new StringNode("x".repeat(60_000)))));
        }
        assertEquals(large, GuestPending.CODEC.read(GuestPending.CODEC.write(large)));
    }

    private static Pending pending(String ref, Instant deadline) {
        return pending(ref, deadline, Map.of());
    }

    private static Pending pending(String ref, Instant deadline, Map<String, JsonNode> context) {
        return new Pending(
                ref + ".1",
                ref,
                1,
                "web",
                new Consent(true, START, null),
                context,
                List.of(),
                new Source("guest-auth-requests", 0, 7),
                START,
                deadline,
                Trace.NONE);
    }
}
