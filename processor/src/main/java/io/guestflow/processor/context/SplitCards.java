package io.guestflow.processor.context;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import tools.jackson.databind.JsonNode;

/**
 * Finds a card number that was cut in pieces and spread over several values. The values that have digits are read one after
 * the other in the order of their keys; each must hold at least four digits of the number, or ordinary small numbers would
 * meet by chance.
 */
final class SplitCards {
    private static final int MIN_PIECE = 4;

    /** A value's place in the joined text. */
    private record Piece(String key, int start, int end) {}

    private SplitCards() {}

    /** The keys whose values hold a piece of a card number. */
    static Set<String> keysIn(SortedMap<String, JsonNode> accepted) {
        StringBuilder joined = new StringBuilder();
        List<Piece> pieces = new ArrayList<>();
        accepted.forEach((key, value) -> {
            String text = Readings.plain(ScalarText.of(value).orElse(""));
            if (text.chars().anyMatch(c -> DigitRun.isDigit((char) c))) {
                joined.append(pieces.isEmpty() ? "" : " ");
                int start = joined.length();
                joined.append(text);
                pieces.add(new Piece(key, start, joined.length()));
            }
        });
        Set<String> keys = new LinkedHashSet<>();
        if (pieces.size() > 1) {
            collect(joined, pieces, keys);
        }
        return keys;
    }

    private static void collect(StringBuilder joined, List<Piece> pieces, Set<String> keys) {
        Optional<PaymentCards.Span> card = PaymentCards.find(joined.toString());
        while (card.isPresent()) {
            PaymentCards.Span span = card.get();
            List<Piece> held = pieces.stream()
                    .filter(piece -> piece.start() < span.end() && span.start() < piece.end())
                    .toList();
            if (held.stream().allMatch(piece -> digits(joined, piece, span) >= MIN_PIECE)) {
                held.forEach(piece -> keys.add(piece.key()));
            }
            // Blot out the first digit: what is left of this number is none, and the search ends.
            joined.setCharAt(span.start(), '#');
            card = PaymentCards.find(joined.toString());
        }
    }

    private static long digits(CharSequence joined, Piece piece, PaymentCards.Span span) {
        return joined.subSequence(Math.max(piece.start(), span.start()), Math.min(piece.end(), span.end()))
                .chars()
                .filter(c -> DigitRun.isDigit((char) c))
                .count();
    }
}
