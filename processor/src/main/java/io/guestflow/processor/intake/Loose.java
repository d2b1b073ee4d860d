package io.guestflow.processor.intake;

import io.guestflow.contracts.codec.Fields;
import io.guestflow.processor.wire.Uuids;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Members of a webhook's objects, as loosely as CXone writes them: what is null, empty, of another type or {@code []}
 * where an object belongs counts as absent.
 */
final class Loose {
    private Loose() {}

    static @Nullable ObjectNode object(@Nullable ObjectNode in, String field) {
        return in != null && in.get(field) instanceof ObjectNode object ? object : null;
    }

    static @Nullable String text(@Nullable ObjectNode in, String field) {
        JsonNode node = in == null ? null : in.get(field);
        return node != null && node.isString() && !node.stringValue().isEmpty() ? node.stringValue() : null;
    }

    /** An id that the contracts can carry: a string, or a number as brands have it. */
    static @Nullable String id(@Nullable ObjectNode in, String field) {
        JsonNode node = in == null ? null : in.get(field);
        if (node == null) {
            return null;
        }
        String id = node.isString() ? node.stringValue() : node.isIntegralNumber() ? node.asString() : "";
        return Fields.isId(id) ? id : null;
    }

    /** An id that becomes a key, so that a UUID must be written in one way. */
    static @Nullable String key(@Nullable ObjectNode in, String field) {
        String id = id(in, field);
        return id == null ? null : Uuids.lowerCase(id);
    }

    static <T> @Nullable T first(@Nullable T one, @Nullable T other) {
        return one != null ? one : other;
    }
}
