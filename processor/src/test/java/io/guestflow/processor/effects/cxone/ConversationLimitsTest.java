package io.guestflow.processor.effects.cxone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.processor.effects.cxone.Profile.ConversationLimit;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class ConversationLimitsTest {
    private Instant now = Instant.parse("2026-11-22T07:00:00Z");

    @Test
    void soManyComeAtOnceAndThenSoManyAMinute() {
        ConversationLimits limits = limits(new ConversationLimit(250, 17));
        call(limits, "c1", 250);
        Duration wait = limits.untilNext("c1");
        assertEquals(60.0 / 17, wait.toMillis() / 1000.0, 0.002);

        int made = 0;
        Instant end = now.plus(Duration.ofMinutes(10));
        while (now.isBefore(end)) {
            now = now.plusMillis(100);
            if (limits.untilNext("c1").isZero()) {
                limits.called("c1");
                made++;
            }
        }
        assertEquals(170, made, 2);
    }

    @Test
    void whatIsNotUsedComesBackUpToTheBurst() {
        ConversationLimits limits = limits(new ConversationLimit(3, 60));
        call(limits, "c1", 3);
        now = now.plusSeconds(2);
        call(limits, "c1", 2);
        assertEquals(Duration.ofSeconds(1), limits.untilNext("c1"));
        now = now.plus(Duration.ofHours(1));
        call(limits, "c1", 3);
        assertEquals(Duration.ofSeconds(1), limits.untilNext("c1"));
    }

    @Test
    void conversationsDoNotDisturbEachOther() {
        ConversationLimits limits = limits(new ConversationLimit(1, 60));
        call(limits, "c1", 1);
        call(limits, "c2", 1);
        assertTrue(limits.untilNext("c1").isPositive());
        assertTrue(limits.untilNext("c3").isZero());
    }

    @Test
    void aConversationThatRestsTakesNoMemory() {
        ConversationLimits limits = limits(new ConversationLimit(250, 17));
        int most = 0;
        for (int i = 0; i < 1_000_000; i++) {
            // A thousand calls a second, each about another conversation.
            now = i % 1000 == 0 ? now.plusSeconds(1) : now;
            limits.called("c" + i);
            most = Math.max(most, limits.size());
        }
        // Each is remembered for 60/17 s, and the sweep comes when twice as many are there.
        assertTrue(most <= 2 * 4_600, "remembered " + most);
    }

    @Test
    void withoutALimitNothingIsHeldAndNothingKept() {
        ConversationLimits limits = limits(ConversationLimit.NONE);
        call(limits, "c1", 10_000);
        assertTrue(limits.untilNext("c1").isZero());
        assertEquals(0, limits.size());
    }

    @Test
    void aLimitThatLetsNothingPassIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new ConversationLimit(0, 17));
        assertThrows(IllegalArgumentException.class, () -> new ConversationLimit(1, -1));
        assertThrows(IllegalArgumentException.class, () -> new ConversationLimit(1, Double.NaN));
    }

    private ConversationLimits limits(ConversationLimit limit) {
        return new ConversationLimits(limit, () -> now);
    }

    private static void call(ConversationLimits limits, String conversation, int times) {
        for (int i = 0; i < times; i++) {
            assertTrue(limits.untilNext(conversation).isZero(), "call " + i);
            limits.called(conversation);
        }
    }
}
