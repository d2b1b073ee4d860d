package io.guestflow.contracts.codec;

import io.guestflow.contracts.codec.Problem.Defect;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * JSON in the one form that RFC 8785 gives a value, so that equal values are equal bytes: members sorted by their names'
 * UTF-16 units, no white space, only those characters escaped that must be. For values whose numbers are all whole, which
 * is what the contracts that are hashed have.
 */
public final class CanonicalJson {
    private static final String ESCAPED = "\b\t\n\f\r\"\\";
    private static final String ESCAPES = "btnfr\"\\";

    private CanonicalJson() {}

    /** The canonical bytes of what a codec would write of a value that has no numbers but whole ones. */
    public static byte[] of(Object value) {
        return Json.CANONICAL.writeValueAsBytes(value);
    }

    /**
     * The canonical bytes of a value that was read.
     *
     * @param schema what the value is called in the violation
     * @throws ContractViolation if it has a number that is not whole, or larger than {@link Fields#MAX_WHOLE}
     */
    public static byte[] of(String schema, JsonNode value) {
        StringBuilder out = new StringBuilder();
        write(schema, value, out);
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void write(String schema, JsonNode node, StringBuilder out) {
        if (node.isObject()) {
            TreeMap<String, JsonNode> sorted = new TreeMap<>();
            node.properties().forEach(member -> sorted.put(member.getKey(), member.getValue()));
            out.append('{');
            sorted.forEach((name, member) -> {
                separate(out, '{');
                quote(name, out);
                out.append(':');
                write(schema, member, out);
            });
            out.append('}');
        } else if (node.isArray()) {
            out.append('[');
            node.values().forEach(element -> {
                separate(out, '[');
                write(schema, element, out);
            });
            out.append(']');
        } else if (node.isNumber()) {
            out.append(whole(schema, node));
        } else if (node.isString()) {
            quote(node.stringValue(), out);
        } else {
            // true, false and null are their own canonical form.
            out.append(node);
        }
    }

    private static long whole(String schema, JsonNode node) {
        Long whole = IJson.whole(node);
        if (whole == null || whole > Fields.MAX_WHOLE || whole < -Fields.MAX_WHOLE) {
            throw new ContractViolation(
                    schema,
                    List.of(new Problem("", Defect.WRONG, "must have no number but whole ones up to 2^53 - 1")));
        }
        return whole;
    }

    private static void separate(StringBuilder out, char opening) {
        if (out.charAt(out.length() - 1) != opening) {
            out.append(',');
        }
    }

    private static void quote(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char at = text.charAt(i);
            int escaped = ESCAPED.indexOf(at);
            if (escaped >= 0) {
                out.append('\\').append(ESCAPES.charAt(escaped));
            } else if (at < ' ') {
                out.append("\\u00").append(Character.forDigit(at >> 4, 16)).append(Character.forDigit(at & 0xF, 16));
            } else {
                out.append(at);
            }
        }
        out.append('"');
    }
}
