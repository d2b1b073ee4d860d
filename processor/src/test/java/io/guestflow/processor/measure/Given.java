package io.guestflow.processor.measure;

import io.guestflow.contracts.cxone.ConversationFigures;
import io.guestflow.contracts.facts.Dimensions;
import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.facts.Source;
import io.guestflow.processor.facts.FactIds;
import io.guestflow.processor.facts.GuestRefs;
import io.guestflow.processor.facts.RefKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rules, ends and figures that tests share. */
final class Given {
    static final Instant START = Instant.parse("2026-11-22T07:00:00.000Z");
    static final GuestRefs REFS = new GuestRefs(new RefKey("k1", new byte[32]));
    static final MeasureRules RULES = MeasureRules.of(
            true,
            Duration.ofSeconds(30),
            List.of(Duration.ofMinutes(1), Duration.ofMinutes(5), Duration.ofMinutes(15)),
            Duration.ofHours(24));
    static final Dimensions DIMENSIONS = new Dimensions("web", "vip", null);
    static final Duration LASTED = Duration.ofMinutes(10);

    private Given() {}

    static Fact.SessionEnded ended(String conversationId, Instant at) {
        return ended(conversationId, at, null);
    }

    static Fact.SessionEnded ended(String conversationId, Instant at, @Nullable Instant upstreamUntil) {
        Source source = new Source("session-events", 0, conversationId.hashCode() & 0xFFFF);
        return new Fact.SessionEnded(
                FactIds.of("SessionEnded", source, 0),
                at,
                "ref-" + Integer.toHexString(conversationId.hashCode()),
                DIMENSIONS,
                source,
                conversationId,
                EndReason.CLOSED_UPSTREAM,
                at.minus(LASTED),
                at,
                LASTED.toMillis(),
                1,
                2,
                3,
                null,
                upstreamUntil,
                null);
    }

    /** As those above, but for these bounds. */
    static MeasureRules rules(boolean on, int batchWeight, int mostOut, int mostPending) {
        return new MeasureRules(
                on,
                RULES.batchMost(),
                batchWeight,
                RULES.batchWait(),
                RULES.delays(),
                RULES.giveUpAfter(),
                RULES.commandTime(),
                RULES.outcomeTime(),
                mostOut,
                mostPending);
    }

    static Subject subject(String conversationId) {
        return Subject.of(ended(conversationId, START), new Source("guest-facts", 0, 7), RULES.giveUpAfter());
    }

    /** One second longer and one message more than ours. */
    static ConversationFigures figures(String conversationId) {
        return new ConversationFigures(
                conversationId, START.minus(LASTED), START.plusSeconds(1), LASTED.toMillis() + 1_000, 6);
    }

    static ConversationFigures goingOn(String conversationId) {
        return new ConversationFigures(conversationId, START.minus(LASTED), null, LASTED.toMillis() + 1_000, 6);
    }
}
