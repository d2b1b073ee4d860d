package io.guestflow.processor.measure;

import io.guestflow.contracts.analytics.ConversationMetrics;
import io.guestflow.contracts.facts.Dimensions;
import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.facts.Source;
import java.time.Duration;
import java.time.Instant;

/**
 * A conversation that has ended, and what is known of it until CXone has told its figures.
 *
 * @param source where the fact of its end lies
 * @param own our figures
 * @param giveUpAt when it is worth no further failure
 * @param asked how often CXone was asked for it and answered
 * @param failures how often CXone could not be asked
 */
record Subject(
        String conversationId,
        String guestRef,
        Dimensions dimensions,
        Source source,
        EndReason endReason,
        ConversationMetrics.Own own,
        Instant giveUpAt,
        int asked,
        int failures) {

    static Subject of(Fact.SessionEnded ended, Source at, Duration giveUpAfter) {
        return new Subject(
                ended.conversationId(),
                ended.guestRef(),
                ended.dimensions(),
                at,
                ended.endReason(),
                new ConversationMetrics.Own(
                        ended.openedAt(), ended.endedAt(), ended.durationMs(), ended.inbound(), ended.outbound()),
                overAtCxone(ended).plus(giveUpAfter),
                0,
                0);
    }

    /** A session that was ended here may go on at CXone. */
    static Instant overAtCxone(Fact.SessionEnded ended) {
        Instant until = ended.upstreamUntil();
        return until != null && until.isAfter(ended.endedAt()) ? until : ended.endedAt();
    }

    Subject answered() {
        return counted(asked + 1, failures);
    }

    Subject failed() {
        return counted(asked, failures + 1);
    }

    private Subject counted(int nowAsked, int nowFailures) {
        return new Subject(
                conversationId, guestRef, dimensions, source, endReason, own, giveUpAt, nowAsked, nowFailures);
    }
}
