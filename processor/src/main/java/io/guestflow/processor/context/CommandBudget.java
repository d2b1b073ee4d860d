package io.guestflow.processor.context;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * How much context a command may carry. A contract's value has at most 64 KiB, and a command that is larger cannot be
 * read: so what does not fit is dropped before there is a command, whole pairs, the least important first.
 */
public final class CommandBudget {
    /** Leaves as much for all else in a command. Thirty of the longest values fit. */
    static final int BYTES = 32 * 1024;

    private CommandBudget() {}

    /**
     * The keys whose pairs do not fit together into one command.
     *
     * @param priority all keys, the most important first
     */
    public static List<String> beyond(Map<String, JsonNode> context, List<String> priority) {
        List<Pair> kept = new ArrayList<>();
        List<String> beyond = new ArrayList<>();
        int size = 0;
        for (Map.Entry<String, JsonNode> entry : context.entrySet()) {
            int bytes = bytes(entry.getKey()) + bytes(entry.getValue()) + ":,".length();
            kept.add(new Pair(entry.getKey(), priority.indexOf(entry.getKey()), bytes));
            size += bytes;
        }
        kept.sort(Comparator.comparingInt(Pair::rank));
        while (size > BYTES) {
            Pair least = kept.removeLast();
            beyond.add(least.key());
            size -= least.bytes();
        }
        return beyond;
    }

    /** As many of the keys, the first ones, as a record that names them has room for. */
    public static List<String> named(List<String> keys) {
        int size = 0;
        int count = 0;
        for (String key : keys) {
            size += bytes(key) + ",".length();
            if (size > BYTES) {
                break;
            }
            count++;
        }
        return List.copyOf(keys.subList(0, count));
    }

    private record Pair(String key, int rank, int bytes) {}

    private static int bytes(JsonNode value) {
        return value.isString() ? bytes(value.stringValue()) : value.toString().length();
    }

    /** At most, as JSON in UTF-8: what may be escaped counts as escaped. */
    private static int bytes(String text) {
        int bytes = 2;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || Character.isSurrogate(c)) {
                bytes += 6;
            } else if (c == '"' || c == '\\') {
                bytes += 2;
            } else {
                bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
            }
        }
        return bytes;
    }
}
