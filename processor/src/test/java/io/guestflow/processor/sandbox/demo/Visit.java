package io.guestflow.processor.sandbox.demo;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What one guest does, in order.
 *
 * @param moves each belongs to a request of the guest
 */
record Visit(List<Move> moves) {
    Visit {
        moves = List.copyOf(moves);
    }

    /** When a move is made. */
    enum When {
        /** Right after the one before. */
        AT_ONCE,
        /** When the request has been answered once more, and the time is over that the answer asks to wait. */
        ANSWERED
    }

    /** A record that is sent for a request. */
    record Move(When when, Asked asked, ProducerRecord<byte[], byte[]> message) {}

    static Visit of(Asked asked, ProducerRecord<byte[], byte[]> message) {
        return new Visit(List.of(new Move(When.AT_ONCE, asked, message)));
    }

    Visit then(When when, Asked asked, ProducerRecord<byte[], byte[]> message) {
        var more = new ArrayList<>(moves);
        more.add(new Move(when, asked, message));
        return new Visit(more);
    }

    /** The guest's requests, each once. */
    List<Asked> requests() {
        return moves.stream().map(Move::asked).distinct().toList();
    }
}
