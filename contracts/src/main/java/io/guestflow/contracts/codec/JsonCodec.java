package io.guestflow.contracts.codec;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes one contract. Reading is strict: encoding, size, depth, duplicate keys, trailing data, types, forms and
 * lengths are checked; unknown fields pass, so that a newer writer does not break an older reader.
 *
 * <p>Threading: immutable, may be shared.
 */
public final class JsonCodec<T> {
    /** The largest value that any contract allows, in bytes. */
    public static final int MAX_BYTES = 64 * 1024;

    private final String schema;
    private final int maxBytes;
    private final Function<Fields, T> reader;

    private JsonCodec(String schema, int maxBytes, Function<Fields, T> reader) {
        this.schema = schema;
        this.maxBytes = maxBytes;
        this.reader = reader;
    }

    /**
     * A codec for the contract called {@code schema}, {@code name/version}. The reader takes what it needs from the
     * fields and calls {@link Fields#check()} before it builds the record.
     */
    public static <T> JsonCodec<T> of(String schema, Function<Fields, T> reader) {
        return new JsonCodec<>(schema, MAX_BYTES, reader);
    }

    /**
     * A codec for what an application stores for itself: larger than a contract's values, because it holds several of
     * them.
     */
    public static <T> JsonCodec<T> stored(String schema, int maxBytes, Function<Fields, T> reader) {
        return new JsonCodec<>(schema, maxBytes, reader);
    }

    /** What the record header {@code schema} says of values written by this codec. */
    public String schema() {
        return schema;
    }

    /** The value as JSON in UTF-8. */
    public byte[] write(T value) {
        return Json.MAPPER.writeValueAsBytes(value);
    }

    /**
     * The record that the bytes stand for.
     *
     * @throws ContractViolation if they are not what the contract says
     */
    public T read(byte @Nullable [] bytes) {
        return read(fields(bytes));
    }

    /**
     * The record that the fields stand for; for readers that look at a few fields before they ask for the whole.
     *
     * @throws ContractViolation if they are not what the contract says
     */
    public T read(Fields fields) {
        T value = reader.apply(fields);
        fields.check();
        return value;
    }

    /**
     * The fields of a value that is a JSON object within the bounds that hold for every contract.
     *
     * @throws ContractViolation if it is not
     */
    public Fields fields(byte @Nullable [] bytes) {
        return Fields.of(schema, StrictJson.object(schema, maxBytes, bytes));
    }
}
