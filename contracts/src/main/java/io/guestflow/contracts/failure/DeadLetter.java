package io.guestflow.contracts.failure;

import io.guestflow.contracts.codec.Fields;
import io.guestflow.contracts.codec.JsonCodec;
import io.guestflow.contracts.codec.Problem;
import io.guestflow.contracts.codec.Problem.Defect;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record that could not be processed, told without its content: where it lies, how large it is, what is wrong with it.
 * On {@code guest-dead-letters}, key {@code topic/partition/offset} of the record.
 *
 * @param cause what kind of failure
 * @param topic the topic of the record
 * @param partition its partition
 * @param offset its offset; -1 if it was not read from a topic
 * @param recordedAt the record's own timestamp, if it had one
 * @param schema the contract it should have met, if known
 * @param keyBytes the size of its key, -1 if null
 * @param valueBytes the size of its value, -1 if null
 * @param valueHash a keyed hash of its value: equal for equal values, and of no use without the key; absent if null
 * @param problems which fields are wrong and how; never a value, and no name that is not the contract's own
 * @param failedAt when processing gave it up
 */
public record DeadLetter(
        Cause cause,
        String topic,
        int partition,
        long offset,
        @Nullable Instant recordedAt,
        @Nullable String schema,
        int keyBytes,
        int valueBytes,
        @Nullable String valueHash,
        List<Problem> problems,
        Instant failedAt) {
    /** Version 1. */
    public static final JsonCodec<DeadLetter> CODEC = JsonCodec.of("guest-dead-letter/1", DeadLetter::read);

    private static final int MAX_TEXT = 1024;

    /** What kind of failure made a record a dead letter. */
    public enum Cause {
        /** The value is not what its contract says. */
        CONTRACT_VIOLATION,
        /** Kafka Streams could not deserialize the record. */
        DESERIALIZATION,
        /** Processing the record threw an exception that is not Kafka's. */
        PROCESSING,
        /** What came of the record could not be produced, for example because it is too large. */
        PRODUCTION
    }

    /** Keeps its own copy of the problems. */
    public DeadLetter {
        problems = List.copyOf(problems);
    }

    private static DeadLetter read(Fields in) {
        return new DeadLetter(
                in.oneOf("cause", Cause.class),
                in.text("topic", MAX_TEXT),
                (int) in.whole("partition", -1, Integer.MAX_VALUE),
                in.whole("offset", -1, Fields.MAX_WHOLE),
                in.optionalTime("recordedAt"),
                in.optionalText("schema", Fields.MAX_ID),
                (int) in.whole("keyBytes", -1, Integer.MAX_VALUE),
                (int) in.whole("valueBytes", -1, Integer.MAX_VALUE),
                in.optionalText("valueHash", Fields.MAX_ID),
                in.objects("problems", DeadLetter::problem),
                in.time("failedAt"));
    }

    private static Problem problem(Fields in) {
        String field = in.optionalText("field", MAX_TEXT);
        return new Problem(field == null ? "" : field, in.oneOf("defect", Defect.class), in.text("expected", MAX_TEXT));
    }
}
