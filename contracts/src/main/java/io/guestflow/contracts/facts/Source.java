package io.guestflow.contracts.facts;

import io.guestflow.contracts.codec.Fields;

/** The record that caused a fact; for a timer's fact, the record that opened what the timer ended. */
public record Source(String topic, int partition, long offset) {
    private static final int MAX_TOPIC = 249;

    /** Reads the object of that name. */
    public static Source read(Fields in) {
        return new Source(
                in.text("topic", MAX_TOPIC), in.count("partition", 0), in.whole("offset", 0, Fields.MAX_WHOLE));
    }
}
