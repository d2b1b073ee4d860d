package io.guestflow.processor.measure;

import static io.guestflow.processor.measure.Given.LASTED;
import static io.guestflow.processor.measure.Given.START;
import static io.guestflow.processor.measure.Given.subject;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.guestflow.contracts.analytics.ConversationMetrics;
import io.guestflow.contracts.cxone.ConversationFigures;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.facts.Measurement;
import io.guestflow.contracts.facts.Source;
import io.guestflow.processor.facts.MeasureFacts;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** CXone's figures are held against ours where they are of the same. */
class ResultTest {
    private static final Instant OPENED = START.minus(LASTED);

    @Test
    void figuresOfTheSessionAreHeldAgainstOurs() {
        assertEquals(new ConversationMetrics.Difference(1_000, 1), difference(OPENED, START));
        assertNotNull(difference(OPENED.minusSeconds(119), START), "clocks differ");
        assertNotNull(difference(null, null), "a tenant that tells no times");
        assertNotNull(difference(null, START));
    }

    /** It had sessions before this one, or somebody else's messages. */
    @Test
    void aConversationThatBeganBeforeTheSessionIsNot() {
        assertNull(difference(OPENED.minusSeconds(121), START));
    }

    @Test
    void aConversationThatGoesOnIsNot() {
        assertNull(difference(OPENED, null));
    }

    private static ConversationMetrics.@Nullable Difference difference(
            @Nullable Instant startedAt, @Nullable Instant endedAt) {
        Result result = Result.of(
                subject("a"),
                Measurement.MEASURED,
                new ConversationFigures("a", startedAt, endedAt, LASTED.toMillis() + 1_000, 6),
                MeasureFacts.Cause.outcome(new Source("cxone-query-outcomes", 0, 1), 0, START));
        ConversationMetrics.Difference difference = result.metrics().difference();
        Fact.ConversationMeasured fact = (Fact.ConversationMeasured) result.fact();
        assertEquals(difference == null ? null : difference.durationMs(), fact.durationDifferenceMs());
        assertEquals(difference == null ? null : difference.messages(), fact.messagesDifference());
        assertNotNull(result.metrics().cxone(), "what CXone tells is told in any case");
        return difference;
    }
}
