package io.guestflow.processor.wire;

import org.apache.kafka.common.KafkaException;

/**
 * What lies in a store was written by a version of guestflow whose form this one does not know, or it is older than what
 * was told already. It is no fault of the record or the timer that is being handled, so it must not become a dead letter
 * or be given up like a defect: the application ends, with everything as it was, and with it what cannot be without it.
 * One of Kafka's, because those pass every guard of ours.
 */
public final class UnreadableState extends KafkaException {
    private static final long serialVersionUID = 1L;

    /** Tells the operator what to do; nothing of what is stored. */
    public UnreadableState(String message) {
        super(message);
    }
}
