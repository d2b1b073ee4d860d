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
 * @param refusals how often CXone refused to tell, or what it told could not be read
 * @param apart whether it is asked for by itself: with others it had them refused
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
        int failures,
        int refusals,
        boolean apart) {

    static Subject of(Fact.SessionEnded ended, Source at, Duration giveUpAfter) {
        return new Subject(
                ended.conversationId(),
                ended.guestRef(),
                ended.dimensions(),
                at,
                ended.endReason(),
                new ConversationMetrics.Own(
                        ended.openedAt(), ended.endedAt(), ended.durationMs(), ended.inbound(), ended.outbound()),
                overAtCxone(ended, giveUpAfter).plus(giveUpAfter),
                0,
                0,
                0,
                false);
    }

    /**
     * A session that was ended here may go on at CXone, as CXone says; it may say any year.
     *
     * @param most how long after its end here that is believed
     */
    static Instant overAtCxone(Fact.SessionEnded ended, Duration most) {
        Instant until = ended.upstreamUntil();
        if (until == null || !until.isAfter(ended.endedAt())) {
            return ended.endedAt();
        }
        Instant latest = ended.endedAt().plus(most);
        return until.isAfter(latest) ? latest : until;
    }

    Subject answered() {
        return counted(asked + 1, failures, refusals, apart);
    }

    Subject failed() {
        return counted(asked, failures + 1, refusals, apart);
    }

    Subject refused() {
        return counted(asked, failures, refusals + 1, apart);
    }

    /** From now on by itself. */
    Subject alone() {
        return counted(asked, failures, refusals, true);
    }

    private Subject counted(int nowAsked, int nowFailures, int nowRefusals, boolean nowApart) {
        return new Subject(
                conversationId,
                guestRef,
                dimensions,
                source,
                endReason,
                own,
                giveUpAt,
                nowAsked,
                nowFailures,
                nowRefusals,
                nowApart);
    }
}
