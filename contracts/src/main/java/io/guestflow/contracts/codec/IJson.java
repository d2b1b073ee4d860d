package io.guestflow.contracts.codec;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What RFC 7493 (I-JSON) asks beyond JSON, so that every reader sees the same in a value. */
final class IJson {
    private IJson() {}

    /** Whether a text can be written in UTF-8: a lone surrogate turns into '?', and two ids into the same one. */
    static boolean wellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return hasNoLoneSurrogate(text);
            }
        }
        // Nearly every text, and there are ten in a fact.
        return true;
    }

    private static boolean hasNoLoneSurrogate(String text) {
        return text.codePoints()
                .noneMatch(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
    }

    /** Whether a value can be written again as it was read: its texts are well-formed, its numbers fit a double. */
    static boolean portable(JsonNode node) {
        if (node.isString()) {
            return wellFormed(node.stringValue());
        }
        if (node.isFloatingPointNumber()) {
            return Double.isFinite(node.doubleValue());
        }
        // Names are well-formed already: the parser refuses others.
        return node.values().stream().allMatch(IJson::portable);
    }

    /** The whole number that a node stands for, {@code 100}, {@code 100.0} or {@code 1e2}; null if it is none. */
    static @Nullable Long whole(JsonNode node) {
        if (node.isIntegralNumber()) {
            return node.canConvertToLong() ? (Long) node.longValue() : null;
        }
        if (!node.isNumber()) {
            return null;
        }
        double number = node.doubleValue();
        return number == Math.rint(number) && Math.abs(number) <= Fields.MAX_WHOLE ? (Long) (long) number : null;
    }
}
