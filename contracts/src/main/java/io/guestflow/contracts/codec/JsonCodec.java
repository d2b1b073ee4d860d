package io.guestflow.contracts.codec;

import io.guestflow.contracts.codec.Problem.Defect;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.node.ObjectNode;

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
        if (bytes == null) {
            throw violation(Defect.NULL_VALUE, "must not be null");
        }
        if (bytes.length > maxBytes) {
            throw violation(Defect.TOO_LARGE, "must have at most " + maxBytes + " bytes, has " + bytes.length);
        }
        return Fields.of(schema, object(bytes));
    }

    private ObjectNode object(byte[] bytes) {
        try (JsonParser parser = Json.MAPPER.createParser(decoded(bytes))) {
            return object(parser);
        }
    }

    /** By hand: Jackson would guess at UTF-16 and UTF-32, skip a byte order mark and take overlong forms. */
    private String decoded(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            throw notJson();
        }
    }

    private ObjectNode object(JsonParser parser) {
        try {
            if (parser.nextToken() == null) {
                throw notJson();
            }
            JsonNode node = Json.MAPPER.readTree(parser);
            if (parser.nextToken() != null) {
                throw violation(Defect.NOT_JSON, "must be one JSON object with nothing behind it");
            }
            if (node instanceof ObjectNode object) {
                return object;
            }
            throw violation(Defect.NOT_AN_OBJECT, "must be a JSON object");
        } catch (StreamConstraintsException beyondBounds) {
            if (parser.streamReadContext().getNestingDepth() > Json.MAX_DEPTH) {
                throw violation(Defect.TOO_DEEP, "must not be nested deeper than " + Json.MAX_DEPTH);
            }
            throw violation(
                    Defect.TOO_LONG,
                    "must have numbers of at most " + Json.MAX_NUMBER_LENGTH + " digits and names of at most "
                            + StreamReadConstraints.DEFAULT_MAX_NAME_LEN + " characters");
        } catch (MismatchedInputException duplicate) {
            // The tree reader has one such complaint that can come up here: FAIL_ON_READING_DUP_TREE_KEY.
            throw violation(Defect.DUPLICATE_KEY, "must not have a key twice in one object");
        } catch (JacksonException malformed) {
            // The cause is left behind on purpose: Jackson's message quotes the value.
            throw notJson();
        }
    }

    private ContractViolation notJson() {
        return violation(Defect.NOT_JSON, "must be JSON in UTF-8, without a byte order mark");
    }

    private ContractViolation violation(Defect defect, String expected) {
        return new ContractViolation(schema, List.of(new Problem("", defect, expected)));
    }
}
