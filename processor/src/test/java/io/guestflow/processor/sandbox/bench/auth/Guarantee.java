package io.guestflow.processor.sandbox.bench.auth;

import org.apache.kafka.streams.StreamsConfig;

/** The two guarantees by their names in Kafka Streams and in the processor's settings. */
final class Guarantee {
    static final String EOS = StreamsConfig.EXACTLY_ONCE_V2;
    static final String ALOS = StreamsConfig.AT_LEAST_ONCE;

    private Guarantee() {}
}
