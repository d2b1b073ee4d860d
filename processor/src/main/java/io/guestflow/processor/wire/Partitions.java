package io.guestflow.processor.wire;

import org.apache.kafka.common.utils.Utils;

/** Which partition a key lies in: where Kafka's own Java producer would put it. */
public final class Partitions {
    private Partitions() {}

    /** The murmur2 partition of a key. */
    public static int of(byte[] key, int partitions) {
        return Utils.toPositive(Utils.murmur2(key)) % partitions;
    }
}
