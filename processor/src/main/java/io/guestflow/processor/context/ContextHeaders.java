package io.guestflow.processor.context;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * A context as CXone's two headers take it, each of visible ASCII only (RFC 9110, 5.5), each within {@link #BUDGET_BYTES}.
 * Pairs that do not fit are left out whole, the least important first; the request's body keeps them.
 *
 * <p>Threading: immutable, may be shared.
 *
 * @param niceContext {@code k=v;k=v}, sorted by key; in keys and values all but {@code A-Z a-z 0-9 . _ ~ -} is
 *     percent-encoded UTF-8; empty if there is no pair, and then the header is better not sent
 * @param botVariables a JSON object, sorted by key, spaces and all but ASCII escaped; {@code {}} if there is no pair
 * @param leftOutOfNiceContext the keys whose pairs did not fit, sorted
 * @param leftOutOfBotVariables the same for the other header
 */
public record ContextHeaders(
        String niceContext,
        String botVariables,
        List<String> leftOutOfNiceContext,
        List<String> leftOutOfBotVariables) {
    /** The most a header's value may have. Servers take 8 KiB for all headers, and the bearer token needs its share. */
    public static final int BUDGET_BYTES = 2048;

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    /** Takes copies. */
    public ContextHeaders {
        leftOutOfNiceContext = List.copyOf(leftOutOfNiceContext);
        leftOutOfBotVariables = List.copyOf(leftOutOfBotVariables);
    }

    /**
     * The headers for an accepted context. What is no scalar has no form here and is left out.
     *
     * @param priority keys, the most important first; keys that it does not have come last, in alphabetical order
     */
    public static ContextHeaders encode(Map<String, JsonNode> context, List<String> priority) {
        List<Pair> pairs = new ArrayList<>();
        List<Pair> variables = new ArrayList<>();
        new TreeMap<>(context)
                .forEach((key, value) -> ScalarText.of(value).ifPresent(text -> {
                    int listed = priority.indexOf(key);
                    int rank = listed < 0 ? Integer.MAX_VALUE : listed;
                    pairs.add(new Pair(key, rank, percentEncoded(key) + "=" + percentEncoded(text)));
                    variables.add(new Pair(key, rank, quoted(key) + ":" + (value.isString() ? quoted(text) : text)));
                }));
        List<Pair> keptPairs = fitting(pairs, 0);
        List<Pair> keptVariables = fitting(variables, "{}".length());
        return new ContextHeaders(
                keptPairs.stream().map(Pair::code).collect(Collectors.joining(";")),
                keptVariables.stream().map(Pair::code).collect(Collectors.joining(",", "{", "}")),
                leftOut(context, keptPairs),
                leftOut(context, keptVariables));
    }

    /** A key with its value as a header has it: ASCII, so that its length is its bytes. */
    private record Pair(String key, int rank, String code) {}

    /** What fits beside {@code around} bytes: first goes what could never fit, then the least important. */
    private static List<Pair> fitting(List<Pair> sorted, int around) {
        List<Pair> kept = sorted.stream()
                .filter(pair -> around + pair.code().length() <= BUDGET_BYTES)
                .sorted(Comparator.comparingInt(Pair::rank))
                .collect(Collectors.toCollection(ArrayList::new));
        int size = around
                - 1
                + kept.stream().mapToInt(pair -> pair.code().length() + 1).sum();
        while (size > BUDGET_BYTES) {
            size -= kept.removeLast().code().length() + 1;
        }
        return sorted.stream().filter(kept::contains).toList();
    }

    private static List<String> leftOut(Map<String, JsonNode> context, List<Pair> kept) {
        Set<String> out = new TreeSet<>(context.keySet());
        kept.forEach(pair -> out.remove(pair.key()));
        return List.copyOf(out);
    }

    private static String percentEncoded(String text) {
        StringBuilder encoded = new StringBuilder(text.length());
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (isUnreserved(b)) {
                encoded.append((char) b);
            } else {
                encoded.append('%').append(HEX.toHexDigits(b));
            }
        }
        return encoded.toString();
    }

    private static boolean isUnreserved(byte b) {
        return (b >= 'a' && b <= 'z')
                || (b >= 'A' && b <= 'Z')
                || (b >= '0' && b <= '9')
                || b == '.'
                || b == '_'
                || b == '~'
                || b == '-';
    }

    private static String quoted(String text) {
        StringBuilder json = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > ' ' && c < 0x7F && c != '"' && c != '\\') {
                json.append(c);
            } else {
                json.append("\\u").append(HEX.toHexDigits(c));
            }
        }
        return json.append('"').toString();
    }
}
