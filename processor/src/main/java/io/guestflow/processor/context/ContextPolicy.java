package io.guestflow.processor.context;

import io.guestflow.contracts.auth.ContextDrop;
import io.guestflow.contracts.auth.ContextDrop.Reason;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Decides which entries of a context reach the bot. The allow-list with its types, lengths and patterns is the control;
 * the {@linkplain PiiTripwire tripwire} catches what looks like personal data in a value that they would let pass.
 *
 * <p>A value is judged in the order type, length, control characters, tripwire, pattern, and the first that fails is the
 * reason: the tripwire before the pattern, so that an e-mail address is called one although most patterns refuse it too.
 * A member that is null counts as absent, as everywhere in the contracts. What together is too long for a command is
 * dropped as too long, the least important first. A value is never told, nor the name of a key that
 * is not on the list, for a stranger's key can itself be private.
 *
 * <p>Threading: immutable, may be shared.
 */
public final class ContextPolicy {
    /** The most drops that are listed: a request has room for thousands, and its result is kept and sent around. */
    public static final int MAX_LISTED = 50;

    private final Map<String, AllowedKey> allowed;

    /**
     * A policy that lets these keys pass.
     *
     * @param allowed in the order of their priority for the headers
     * @throws IllegalArgumentException if a key is listed twice
     */
    public ContextPolicy(List<AllowedKey> allowed) {
        this.allowed = new LinkedHashMap<>();
        for (AllowedKey key : allowed) {
            if (this.allowed.put(key.name(), key) != null) {
                throw new IllegalArgumentException(
                        "context key '" + key.name() + "' is on the allow-list twice: leave one of them out");
            }
        }
    }

    /** The allowed keys, the most important first: what {@link ContextHeaders#encode} asks for. */
    public List<String> priority() {
        return List.copyOf(allowed.keySet());
    }

    /** Judges each entry. */
    public Screening screen(Map<String, JsonNode> context) {
        SortedMap<String, JsonNode> accepted = new TreeMap<>();
        SortedMap<String, Reason> refused = new TreeMap<>();
        int unknown = 0;
        for (Map.Entry<String, JsonNode> entry : context.entrySet()) {
            JsonNode value = entry.getValue();
            if (value.isNull()) {
                continue;
            }
            AllowedKey key = allowed.get(entry.getKey());
            if (key == null) {
                unknown++;
                continue;
            }
            Optional<Reason> refusal = refusal(key, value);
            if (refusal.isEmpty()) {
                accepted.put(key.name(), value);
            } else {
                refused.put(key.name(), refusal.get());
            }
        }
        for (String key : SplitCards.keysIn(accepted)) {
            accepted.remove(key);
            refused.put(key, Reason.LOOKS_LIKE_CARD);
        }
        for (String key : CommandBudget.beyond(accepted, List.copyOf(allowed.keySet()))) {
            accepted.remove(key);
            refused.put(key, Reason.TOO_LONG);
        }
        return new Screening(accepted, listed(refused, unknown));
    }

    private static Optional<Reason> refusal(AllowedKey key, JsonNode value) {
        return switch (key.type()) {
            case TEXT -> value.isString() ? ofText(key, value.stringValue()) : Optional.of(Reason.WRONG_TYPE);
            case FLAG -> {
                if (value.isBoolean()) {
                    yield Optional.empty();
                }
                yield value.isString() && key.pattern() != null
                        ? ofText(key, value.stringValue())
                        : Optional.of(Reason.WRONG_TYPE);
            }
            case NUMBER -> {
                if (!value.isNumber() || !ScalarText.isFinite(value)) {
                    yield Optional.of(Reason.WRONG_TYPE);
                }
                Optional<String> decimal = ScalarText.decimal(value);
                yield decimal.isPresent() ? ofText(key, decimal.get()) : Optional.of(Reason.TOO_LONG);
            }
        };
    }

    private static Optional<Reason> ofText(AllowedKey key, String text) {
        if (text.codePointCount(0, text.length()) > key.maxLength()) {
            return Optional.of(Reason.TOO_LONG);
        }
        if (text.codePoints().anyMatch(ContextPolicy::isControl)) {
            return Optional.of(Reason.CONTROL_CHARACTER);
        }
        Optional<Reason> personal = PiiTripwire.scan(text);
        if (personal.isPresent()) {
            return personal;
        }
        return key.matches(text) ? Optional.empty() : Optional.of(Reason.PATTERN_MISMATCH);
    }

    /**
     * What steers a terminal, a protocol or a reader instead of being read: CR, LF, NUL and the other C0 and C1 controls,
     * line and paragraph separators, marks that turn the writing direction, tag characters (text that only a language
     * model sees), noncharacters, and surrogates that are not part of a pair.
     */
    private static boolean isControl(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE ->
                true;
            case Character.FORMAT ->
                point == 0x061C
                        || point == 0x200E
                        || point == 0x200F
                        || (point >= 0x202A && point <= 0x202E)
                        || (point >= 0x2066 && point <= 0x2069)
                        || (point >= 0xFFF9 && point <= 0xFFFB)
                        || (point >= 0xE0000 && point <= 0xE007F);
            case Character.UNASSIGNED -> (point & 0xFFFE) == 0xFFFE || (point >= 0xFDD0 && point <= 0xFDEF);
            default -> false;
        };
    }

    private static List<ContextDrop> listed(SortedMap<String, Reason> refused, int unknown) {
        // Allow-listed keys first: a flood of strangers' keys must not push out what an operator can act on.
        Stream<ContextDrop> known =
                refused.entrySet().stream().map(drop -> new ContextDrop(drop.getKey(), drop.getValue()));
        Stream<ContextDrop> strangers =
                IntStream.rangeClosed(1, unknown).mapToObj(n -> new ContextDrop("unknown#" + n, Reason.NOT_ALLOWED));
        return Stream.concat(known, strangers).limit(MAX_LISTED).toList();
    }
}
