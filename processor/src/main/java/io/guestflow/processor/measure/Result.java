package io.guestflow.processor.measure;

import io.guestflow.contracts.analytics.ConversationMetrics;
import io.guestflow.contracts.cxone.ConversationFigures;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.facts.Measurement;
import io.guestflow.processor.facts.MeasureFacts;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What is told of a conversation that is asked for no more: a record, and a fact that says the same. */
record Result(ConversationMetrics metrics, Fact fact) {
    /** Clocks differ, and a conversation has an id at CXone before its answer has come here. */
    private static final Duration SKEW = Duration.ofMinutes(2);

    static Result of(Subject subject, Measurement state, @Nullable ConversationFigures told, MeasureFacts.Cause cause) {
        ConversationMetrics metrics = metrics(subject, state, told, cause.at());
        return new Result(metrics, MeasureFacts.measured(cause, metrics));
    }

    private static ConversationMetrics metrics(
            Subject subject, Measurement state, @Nullable ConversationFigures told, Instant now) {
        ConversationMetrics.Own own = subject.own();
        return new ConversationMetrics(
                subject.conversationId(),
                subject.guestRef(),
                subject.dimensions(),
                state,
                subject.endReason(),
                own,
                told == null
                        ? null
                        : new ConversationMetrics.Upstream(
                                told.startedAt(), told.endedAt(), told.durationMs(), told.messages()),
                told == null || !isOfTheSame(told, own)
                        ? null
                        : new ConversationMetrics.Difference(
                                told.durationMs() - own.durationMs(),
                                (long) told.messages() - own.inbound() - own.outbound()),
                subject.asked(),
                now);
    }

    /**
     * Whether CXone's figures can be held against ours. A conversation may have had other sessions here before this one, and
     * may go on at CXone for months: then they are of something else.
     */
    private static boolean isOfTheSame(ConversationFigures told, ConversationMetrics.Own own) {
        Instant began = told.startedAt();
        return began == null
                || (told.endedAt() != null && !began.isBefore(own.openedAt().minus(SKEW)));
    }
}
