package io.guestflow.processor.effects.cxone;

import java.nio.charset.StandardCharsets;

/** Puts an id into a path (RFC 3986, 3.3). */
final class PathSegment {

    private static final String HEX = "0123456789ABCDEF";

    private PathSegment() {}

    /** False for what no encoding can save: dot segments name other places, encoded or not. */
    static boolean encodable(String id) {
        return !id.isEmpty() && !id.equals(".") && !id.equals("..");
    }

    static String encode(String id) {
        StringBuilder encoded = new StringBuilder(id.length() + 16);
        for (byte b : id.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (unreserved(c)) {
                encoded.append(c);
            } else {
                encoded.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
            }
        }
        return encoded.toString();
    }

    private static boolean unreserved(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '~';
    }
}
