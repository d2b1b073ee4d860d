package io.guestflow.processor.measure;

import io.guestflow.contracts.analytics.ConversationMetrics;
import io.guestflow.contracts.cxone.ConversationFigures;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.facts.Measurement;
import io.guestflow.processor.facts.MeasureFacts;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What is told of a conversation that is asked for no more: a record, and a fact that says the same. */
record Result(ConversationMetrics metrics, Fact fact) {

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
                told == null
                        ? null
                        : new ConversationMetrics.Difference(
                                told.durationMs() - own.durationMs(),
                                (long) told.messages() - own.inbound() - own.outbound()),
                subject.asked(),
                now);
    }
}
