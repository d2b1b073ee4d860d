package io.guestflow.contracts;

import io.guestflow.contracts.codec.JsonCodec;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One topic of the catalogue: what stands on it and how it must be set up.
 *
 * @param name its name
 * @param key what its records are keyed by
 * @param codec what its values are; null for a topic whose values are bytes of others' making
 * @param role who writes and who reads it
 * @param partitions how its partition count is bound
 * @param cleanup delete or compact
 * @param retention how long records stay; null for a compacted topic
 * @param timestamps whose clock the records' timestamps are
 */
public record Topic<T>(
        String name,
        String key,
        @Nullable JsonCodec<T> codec,
        Role role,
        Partitions partitions,
        Cleanup cleanup,
        @Nullable Duration retention,
        Timestamps timestamps) {

    /**
     * What its values are.
     *
     * @throws IllegalStateException if they are bytes of others' making, which no contract of ours describes: whoever
     *     goes through the whole catalogue asks for {@link #contract()}
     */
    @Override
    public JsonCodec<T> codec() {
        if (codec == null) {
            throw new IllegalStateException("topic " + name + " carries bytes as others write them: it has no codec");
        }
        return codec;
    }

    /** The codec, if the topic has one. */
    public Optional<JsonCodec<T>> contract() {
        return Optional.ofNullable(codec);
    }

    /** Who writes and who reads a topic. */
    public enum Role {
        /** Others write, guestflow reads. */
        INPUT,
        /** guestflow writes, others read. */
        OUTPUT,
        /** guestflow's own. */
        INTERNAL
    }

    /** How a topic's partition count is bound. */
    public enum Partitions {
        /** The same count as every other topic that is equal: a task works on one number in all of them. */
        EQUAL,
        /** One. */
        SINGLE,
        /** Any count. */
        FREE
    }

    /** What becomes of old records. */
    public enum Cleanup {
        /** They are deleted after the retention time. */
        DELETE,
        /** The last one of each key stays. */
        COMPACT
    }

    /** Whose clock the records' timestamps are. */
    public enum Timestamps {
        /** The broker's: a producer's wrong clock cannot move a deadline. */
        LOG_APPEND_TIME,
        /** The producer's: a record that is passed on keeps the time of the first one. */
        CREATE_TIME
    }
}
