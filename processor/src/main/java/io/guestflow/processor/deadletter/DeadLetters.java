package io.guestflow.processor.deadletter;

import io.guestflow.contracts.codec.ContractViolation;
import io.guestflow.contracts.codec.Problem;
import io.guestflow.contracts.failure.DeadLetter;
import io.guestflow.contracts.failure.DeadLetter.Cause;
import io.guestflow.processor.facts.GuestRefs;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes redacted dead letters: coordinates, sizes, a keyed hash and the contract's own field names, never content. An
 * exception's message or stack trace can quote the record, so neither gets in.
 *
 * <p>Threading: immutable, may be shared.
 */
public final class DeadLetters {
    private final GuestRefs refs;

    /** Contents are hashed with these references' key. */
    public DeadLetters(GuestRefs refs) {
        this.refs = refs;
    }

    /**
     * A record as it was read.
     *
     * @param timestamp its timestamp in milliseconds, negative if it has none
     */
    public record Failed(
            String topic, int partition, long offset, long timestamp, byte @Nullable [] key, byte @Nullable [] value) {}

    /** For a value that is not what its contract says. */
    public DeadLetter of(Failed failed, ContractViolation violation, Instant now) {
        return of(Cause.CONTRACT_VIOLATION, failed, violation.schema(), violation.problems(), now);
    }

    /** For any other failure. */
    public DeadLetter of(Cause cause, Failed failed, Instant now) {
        return of(cause, failed, null, List.of(), now);
    }

    /** The key that a dead letter is written with: the record's coordinates, so that a repeat is seen to be one. */
    public static byte[] key(DeadLetter letter) {
        return (letter.topic() + "/" + letter.partition() + "/" + letter.offset()).getBytes(StandardCharsets.UTF_8);
    }

    private DeadLetter of(Cause cause, Failed failed, @Nullable String schema, List<Problem> problems, Instant now) {
        byte[] key = failed.key();
        byte[] value = failed.value();
        return new DeadLetter(
                cause,
                failed.topic(),
                failed.partition(),
                failed.offset(),
                failed.timestamp() < 0 ? null : Instant.ofEpochMilli(failed.timestamp()),
                schema,
                key == null ? -1 : key.length,
                value == null ? -1 : value.length,
                value == null ? null : refs.contentHash(value),
                problems,
                now);
    }
}
