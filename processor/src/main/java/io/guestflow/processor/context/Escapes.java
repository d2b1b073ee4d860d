package io.guestflow.processor.context;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Takes one layer of escapes off a text: {@code %40} (UTF-8), HTML's numeric entities and the named ones that matter here,
 * and JSON's {@code \}{@code u0040}. What is no escape stays as it is.
 */
final class Escapes {
    private static final int MAX_ENTITY = 10;
    private static final Map<String, String> ENTITIES = Map.ofEntries(
            Map.entry("amp", "&"),
            Map.entry("commat", "@"),
            Map.entry("period", "."),
            Map.entry("plus", "+"),
            Map.entry("hyphen", "-"),
            Map.entry("dash", "-"),
            Map.entry("ndash", "-"),
            Map.entry("mdash", "-"),
            Map.entry("minus", "-"),
            Map.entry("lowbar", "_"),
            Map.entry("sol", "/"),
            Map.entry("lpar", "("),
            Map.entry("rpar", ")"),
            Map.entry("nbsp", " "),
            Map.entry("percnt", "%"),
            Map.entry("shy", ""),
            Map.entry("zwj", ""),
            Map.entry("zwnj", ""));

    private final String text;
    private final StringBuilder out;
    private int at;

    private Escapes(String text) {
        this.text = text;
        this.out = new StringBuilder(text.length());
    }

    static String decode(String text) {
        if (text.indexOf('%') < 0 && text.indexOf('&') < 0 && text.indexOf('\\') < 0) {
            return text;
        }
        return new Escapes(text).decode();
    }

    private String decode() {
        while (at < text.length()) {
            boolean taken = switch (text.charAt(at)) {
                case '%' -> percents();
                case '&' -> entity();
                case '\\' -> unicode();
                default -> false;
            };
            if (!taken) {
                out.append(text.charAt(at++));
            }
        }
        return out.toString();
    }

    /** A sequence of them at once: a character can take up to four. */
    private boolean percents() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (at + 2 < text.length() && text.charAt(at) == '%') {
            int value = number(at + 1, at + 3, 16);
            if (value < 0) {
                break;
            }
            bytes.write(value);
            at += 3;
        }
        out.append(bytes.toString(StandardCharsets.UTF_8));
        return bytes.size() > 0;
    }

    private boolean entity() {
        return text.startsWith("#", at + 1) ? numericEntity() : namedEntity();
    }

    private boolean numericEntity() {
        boolean hex = text.startsWith("x", at + 2) || text.startsWith("X", at + 2);
        int radix = hex ? 16 : 10;
        int from = at + (hex ? 3 : 2);
        int end = from;
        while (end < text.length() && end - from <= MAX_ENTITY && Character.digit(text.charAt(end), radix) >= 0) {
            end++;
        }
        int point = number(from, end, radix);
        if (point < 0) {
            return false;
        }
        out.appendCodePoint(point);
        endEntity(end);
        return true;
    }

    private boolean namedEntity() {
        int end = at + 1;
        while (end < text.length() && end - at <= MAX_ENTITY && Character.isLetter(text.charAt(end))) {
            end++;
        }
        String meaning = ENTITIES.get(text.substring(at + 1, end));
        if (meaning == null) {
            return false;
        }
        out.append(meaning);
        endEntity(end);
        return true;
    }

    /** Browsers do without the semicolon. */
    private void endEntity(int end) {
        at = end < text.length() && text.charAt(end) == ';' ? end + 1 : end;
    }

    private boolean unicode() {
        if (at + 5 >= text.length() || text.charAt(at + 1) != 'u') {
            return false;
        }
        int unit = number(at + 2, at + 6, 16);
        if (unit < 0) {
            return false;
        }
        out.append((char) unit);
        at += 6;
        return true;
    }

    /** The number between two positions, or -1 if there is none, or none that fits a code point. */
    private int number(int from, int to, int radix) {
        int value = 0;
        for (int i = from; i < to; i++) {
            int digit = Character.digit(text.charAt(i), radix);
            if (digit < 0) {
                return -1;
            }
            value = value * radix + digit;
            if (value > Character.MAX_CODE_POINT) {
                return -1;
            }
        }
        return from < to ? value : -1;
    }
}
