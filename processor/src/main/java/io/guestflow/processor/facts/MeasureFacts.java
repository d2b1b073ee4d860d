package io.guestflow.processor.facts;

import io.guestflow.contracts.analytics.ConversationMetrics;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.facts.Source;
import java.time.Instant;

/** The facts of what CXone was asked for when nobody waited. */
public final class MeasureFacts {
    private MeasureFacts() {}

    /**
     * What caused a fact.
     *
     * @param source the outcome that told its figures, or the fact of its end if asking was given up
     * @param ordinal which conversation of the outcome
     * @param givenUp whether it was
     * @param at when it happened
     */
    public record Cause(Source source, int ordinal, boolean givenUp, Instant at) {
        /** An outcome led to it. */
        public static Cause outcome(Source outcome, int ordinal, Instant at) {
            return new Cause(outcome, ordinal, false, at);
        }

        /** Nothing came of asking, which happens once for each end. */
        public static Cause givenUp(Source end, Instant at) {
            return new Cause(end, 0, true, at);
        }
    }

    /** CXone was asked for a conversation, and that came of it. */
    public static Fact measured(Cause cause, ConversationMetrics metrics) {
        ConversationMetrics.Upstream cxone = metrics.cxone();
        ConversationMetrics.Difference difference = metrics.difference();
        return new Fact.ConversationMeasured(
                // One fact may be another's end and its own cause's: the kinds keep their numbers apart.
                FactIds.of(
                        cause.givenUp() ? "ConversationMeasured/given-up" : "ConversationMeasured",
                        cause.source(),
                        cause.ordinal()),
                cause.at(),
                metrics.guestRef(),
                metrics.dimensions(),
                cause.source(),
                metrics.conversationId(),
                metrics.state(),
                metrics.asked(),
                cxone == null ? null : cxone.durationMs(),
                cxone == null ? null : (long) cxone.messages(),
                difference == null ? null : difference.durationMs(),
                difference == null ? null : difference.messages());
    }
}
