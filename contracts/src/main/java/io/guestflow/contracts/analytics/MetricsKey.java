package io.guestflow.contracts.analytics;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The key of a window on {@code guest-metrics}: {@code size|windowStart|channel|segment|campaign}. In each part, what is
 * not a letter, a digit or one of {@code . _ ~ - *} is percent-encoded as UTF-8.
 */
public final class MetricsKey {
    /** Stands for a dimension that is not told apart. */
    public static final String OFF = "*";
    /** Stands for the values beyond the most that a window tells apart. */
    public static final String OTHER = "other";
    /** Stands for a dimension that a fact does not have. */
    public static final String UNKNOWN = "unknown";

    /** The longest name of a window's size, in characters. */
    static final int LONGEST_SIZE = 16;

    private static final String PLAIN = "._~-*";
    private static final DateTimeFormatter START =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private MetricsKey() {}

    /** The key of that window. */
    public static String of(String size, Instant start, String channelId, String segment, String campaign) {
        return encoded(size) + "|" + encoded(START.format(start)) + "|" + encoded(channelId) + "|" + encoded(segment)
                + "|" + encoded(campaign);
    }

    private static String encoded(String part) {
        StringBuilder encoded = new StringBuilder(part.length());
        for (byte octet : part.getBytes(StandardCharsets.UTF_8)) {
            char character = (char) (octet & 0xFF);
            if (isPlain(character)) {
                encoded.append(character);
            } else {
                encoded.append('%').append(String.format(Locale.ROOT, "%02X", (int) character));
            }
        }
        return encoded.toString();
    }

    private static boolean isPlain(char character) {
        return (character >= 'a' && character <= 'z')
                || (character >= 'A' && character <= 'Z')
                || (character >= '0' && character <= '9')
                || PLAIN.indexOf(character) >= 0;
    }
}
