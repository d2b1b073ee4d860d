package io.guestflow.processor.session;

import io.guestflow.contracts.facts.Dimensions;
import io.guestflow.contracts.facts.Source;
import io.guestflow.contracts.session.SessionEvent.Opened;
import io.guestflow.processor.facts.SessionFacts.About;
import java.time.Instant;

/**
 * What a session is from its opening on.
 *
 * @param guestRef stands for the guest
 * @param guestPartition where the guest's facts go
 * @param requestId of the request that opened it
 * @param attempt of that request
 * @param source the record that caused it in auth: what timers tell goes back to it
 * @param firstLife whether nothing is known of an earlier session of the conversation
 */
record Opening(
        String guestRef,
        int guestPartition,
        String requestId,
        int attempt,
        String channelId,
        Dimensions dimensions,
        Source source,
        Instant openedAt,
        boolean firstLife) {
    static Opening of(Opened opened, String guestRef, boolean firstLife) {
        return new Opening(
                guestRef,
                opened.guestPartition(),
                opened.requestId(),
                opened.attempt(),
                opened.channelId(),
                opened.dimensions(),
                opened.source(),
                Times.ms(opened.at()),
                firstLife);
    }

    About about(String conversationId) {
        return new About(conversationId, guestRef, dimensions);
    }
}
