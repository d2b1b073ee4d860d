package io.guestflow.processor.context;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;

/**
 * The ways in which a text can be read once what disguises it is taken off: look-alike and invisible characters, percent,
 * HTML and JSON escapes, Base64. Detectors look at each of them, so that a decoding which mangles a text hides nothing.
 */
final class Readings {
    /** Escapes inside escapes are a disguise, or a proxy too many; more than two layers are neither. */
    private static final int DECODING_ROUNDS = 2;

    private Readings() {}

    /** The plain text first, then what its escapes stand for, then what is hidden in Base64. */
    static List<String> of(String raw) {
        List<String> readings = new ArrayList<>();
        String text = plain(raw);
        readings.add(text);
        for (int round = 0; round < DECODING_ROUNDS; round++) {
            String decoded = Escapes.decode(text);
            if (decoded.equals(text)) {
                break;
            }
            text = plain(decoded);
            readings.add(text);
        }
        String hidden = Base64Text.in(text);
        if (!hidden.isEmpty()) {
            readings.add(plain(hidden));
        }
        return readings;
    }

    /**
     * NFKC without invisible characters and marks; all digits, dashes, dots, slashes and spaces as the ASCII ones. Marks go
     * before the normalisation too: it sorts each sequence of them, in quadratic time.
     */
    static String plain(String raw) {
        if (raw.chars().allMatch(c -> c >= ' ' && c < 0x7F)) {
            return raw;
        }
        StringBuilder visible = new StringBuilder(raw.length());
        raw.codePoints().filter(point -> !isInvisible(point)).forEach(visible::appendCodePoint);
        StringBuilder plain = new StringBuilder(visible.length());
        Normalizer.normalize(visible, Normalizer.Form.NFKC)
                .codePoints()
                .filter(point -> !isInvisible(point))
                .map(Readings::asciiTwin)
                .forEach(plain::appendCodePoint);
        return plain.toString();
    }

    private static boolean isInvisible(int point) {
        return switch (Character.getType(point)) {
            case Character.FORMAT, Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.SURROGATE -> true;
            // Fillers that Unicode counts as letters.
            default -> point == 0x115F || point == 0x1160 || point == 0x3164 || point == 0xFFA0;
        };
    }

    private static int asciiTwin(int point) {
        if (point > ' ' && point < 0x7F) {
            return point;
        }
        return switch (Character.getType(point)) {
            case Character.DECIMAL_DIGIT_NUMBER -> '0' + Character.digit(point, 10);
            case Character.DASH_PUNCTUATION -> '-';
            case Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.CONTROL -> ' ';
            default ->
                switch (point) {
                    case 0x2212, 0x2043 -> '-'; // minus, hyphen bullet
                    case 0x3002, 0x00B7, 0x2022, 0x2027, 0x2219, 0x22C5, 0x30FB -> '.'; // full stops and middle dots
                    case 0x2044, 0x2215 -> '/'; // fraction and division slash
                    case 0x2800 -> ' '; // Braille without dots
                    default -> point;
                };
        };
    }
}
