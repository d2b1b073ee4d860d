package io.guestflow.contracts.codec;

import io.guestflow.contracts.codec.Problem.Defect;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads one JSON object within the bounds that hold for every value, whoever wrote it: UTF-8, size, depth, duplicate
 * keys, endless numbers and names, nothing behind it.
 */
public final class StrictJson {
    private static final char REPLACEMENT = '\ufffd';
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long NOT_ASCII = 0x8080808080808080L;

    private StrictJson() {}

    /**
     * The object that the bytes stand for.
     *
     * @param schema what the value is called in the violation
     * @throws ContractViolation if they are no such object
     */
    public static ObjectNode object(String schema, int maxBytes, byte @Nullable [] bytes) {
        if (bytes == null) {
            throw violation(schema, Defect.NULL_VALUE, "must not be null");
        }
        if (bytes.length > maxBytes) {
            throw violation(schema, Defect.TOO_LARGE, "must have at most " + maxBytes + " bytes, has " + bytes.length);
        }
        try (JsonParser parser = isAsciiObject(bytes)
                ? Json.MAPPER.createParser(bytes)
                : Json.MAPPER.createParser(decoded(schema, bytes))) {
            return object(schema, parser);
        }
    }

    /** Of these bytes there is nothing to guess, and they need not be decoded first; it is most of what is read. */
    private static boolean isAsciiObject(byte[] bytes) {
        if (bytes.length < 2 || bytes[0] != '{' || bytes[1] == 0) {
            return false;
        }
        int at = 0;
        for (; at + Long.BYTES <= bytes.length; at += Long.BYTES) {
            if (((long) LONGS.get(bytes, at) & NOT_ASCII) != 0) {
                return false;
            }
        }
        for (; at < bytes.length; at++) {
            if (bytes[at] < 0) {
                return false;
            }
        }
        return true;
    }

    /** By hand: Jackson would guess at UTF-16 and UTF-32, skip a byte order mark and take overlong forms. */
    private static String decoded(String schema, byte[] bytes) {
        // The JDK is several times quicker when it may replace what is malformed; only then is a second look needed.
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) < 0) {
            return text;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            throw notJson(schema);
        }
    }

    private static ObjectNode object(String schema, JsonParser parser) {
        try {
            if (parser.nextToken() == null) {
                throw notJson(schema);
            }
            JsonNode node = Json.MAPPER.readTree(parser);
            if (parser.nextToken() != null) {
                throw violation(schema, Defect.NOT_JSON, "must be one JSON object with nothing behind it");
            }
            if (node instanceof ObjectNode object) {
                return object;
            }
            throw violation(schema, Defect.NOT_AN_OBJECT, "must be a JSON object");
        } catch (StreamConstraintsException beyondBounds) {
            if (parser.streamReadContext().getNestingDepth() > Json.MAX_DEPTH) {
                throw violation(schema, Defect.TOO_DEEP, "must not be nested deeper than " + Json.MAX_DEPTH);
            }
            throw violation(
                    schema,
                    Defect.TOO_LONG,
                    "must have numbers of at most " + Json.MAX_NUMBER_LENGTH + " digits and names of at most "
                            + StreamReadConstraints.DEFAULT_MAX_NAME_LEN + " characters");
        } catch (MismatchedInputException duplicate) {
            // The tree reader has one such complaint that can come up here: FAIL_ON_READING_DUP_TREE_KEY.
            throw violation(schema, Defect.DUPLICATE_KEY, "must not have a key twice in one object");
        } catch (JacksonException malformed) {
            // The cause is left behind on purpose: Jackson's message quotes the value.
            throw notJson(schema);
        }
    }

    private static ContractViolation notJson(String schema) {
        return violation(schema, Defect.NOT_JSON, "must be JSON in UTF-8, without a byte order mark");
    }

    private static ContractViolation violation(String schema, Defect defect, String expected) {
        return new ContractViolation(schema, List.of(new Problem("", defect, expected)));
    }
}
