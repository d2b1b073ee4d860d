package io.guestflow.processor.context;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Finds what is hidden in Base64 (RFC 4648, either alphabet, padded or not). Words and ids are Base64 too, by accident; they
 * decode to bytes that are no text, and are passed over.
 */
final class Base64Text {
    /** Six bytes: the shortest e-mail address. */
    private static final int MIN_LENGTH = 8;
    /** Stands between two finds, and joins nothing: no detector reads over it. */
    private static final String BETWEEN = " | ";

    private Base64Text() {}

    /** The texts that are hidden in a text; empty if there are none. */
    static String in(String text) {
        StringBuilder found = new StringBuilder();
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i < text.length() && isPart(text.charAt(i))) {
                continue;
            }
            if (i - start >= MIN_LENGTH) {
                token(text.substring(start, i), found);
            }
            start = i + 1;
        }
        return found.toString();
    }

    private static void token(String token, StringBuilder found) {
        decode(token.replace('-', '+').replace('_', '/'), found);
        // They are separators at least as often as digits of the URL alphabet: spring-amFuZUBleGFtcGxlLmNvbQ.
        if (token.indexOf('-') >= 0 || token.indexOf('_') >= 0) {
            for (String part : token.split("[-_]", -1)) {
                decode(part, found);
            }
        }
    }

    private static void decode(String token, StringBuilder found) {
        // One digit too many carries no byte.
        if (token.length() < MIN_LENGTH || token.length() % 4 == 1) {
            return;
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Base64.getDecoder().decode(token)))
                    .toString();
            if (text.chars().noneMatch(c -> Character.isISOControl(c) && !Character.isWhitespace(c))) {
                found.append(BETWEEN).append(text);
            }
        } catch (CharacterCodingException noText) {
            // The ordinary case: a word or an id.
        }
    }

    private static boolean isPart(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '+'
                || c == '/'
                || c == '-'
                || c == '_';
    }
}
