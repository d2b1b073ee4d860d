package io.guestflow.contracts.codec;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Times on the wire: RFC 3339 without leap seconds, in the years in which UTC has four digits. */
final class Rfc3339 {
    /**
     * Word for word the pattern of the schemas; the calendar is left to the parser, as the schemas leave it to the
     * format. The first and the last day are for UTC only: with another offset they would be written as a year that
     * no reader takes.
     */
    private static final Pattern FORM = Pattern.compile("^(?!1970-01-01.+[+](?!00:00)|9999-12-31.+-(?!00:00))"
            + "(19[7-9][0-9]|[2-9][0-9]{3})-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-5][0-9]([.][0-9]{1,9})?"
            + "([Zz]|[+-](0[0-9]|1[0-7]):[0-5][0-9])$");

    /** What {@link #format} writes, with any digit for 0. */
    private static final String OURS = "0000-00-00T00:00:00.000Z";

    private static final int FIRST_YEAR = 1970;
    private static final int LAST_YEAR = 9999;
    private static final int NANOS_OF_A_MILLISECOND = 1_000_000;

    private static final DateTimeFormatter MILLISECONDS_UTC =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private Rfc3339() {}

    /** The time, or null if the text is none. */
    static @Nullable Instant parse(String text) {
        if (isOurs(text)) {
            return parseOurs(text);
        }
        if (!FORM.matcher(text).matches()) {
            return null;
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException notInTheCalendar) {
            return null;
        }
    }

    /** By far the most times were written by us, and pattern and formatter are a good part of what a record costs. */
    private static boolean isOurs(String text) {
        if (text.length() != OURS.length()) {
            return false;
        }
        for (int i = 0; i < OURS.length(); i++) {
            char form = OURS.charAt(i);
            char character = text.charAt(i);
            if (form == '0' ? character < '0' || character > '9' : character != form) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable Instant parseOurs(String text) {
        int year = number(text, 0, 4);
        if (year < FIRST_YEAR) {
            return null;
        }
        try {
            return LocalDateTime.of(
                            year,
                            number(text, 5, 7),
                            number(text, 8, 10),
                            number(text, 11, 13),
                            number(text, 14, 16),
                            number(text, 17, 19),
                            number(text, 20, 23) * NANOS_OF_A_MILLISECOND)
                    .toInstant(ZoneOffset.UTC);
        } catch (DateTimeException notInTheCalendar) {
            return null;
        }
    }

    private static int number(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            number = 10 * number + (text.charAt(i) - '0');
        }
        return number;
    }

    /** In UTC with exactly three decimals, so that texts sort as their times do; smaller parts are cut off. */
    static String format(Instant time) {
        LocalDateTime utc = LocalDateTime.ofEpochSecond(time.getEpochSecond(), time.getNano(), ZoneOffset.UTC);
        if (utc.getYear() < FIRST_YEAR || utc.getYear() > LAST_YEAR) {
            return MILLISECONDS_UTC.format(time);
        }
        char[] text = OURS.toCharArray();
        write(utc.getYear(), text, 0, 4);
        write(utc.getMonthValue(), text, 5, 7);
        write(utc.getDayOfMonth(), text, 8, 10);
        write(utc.getHour(), text, 11, 13);
        write(utc.getMinute(), text, 14, 16);
        write(utc.getSecond(), text, 17, 19);
        write(utc.getNano() / NANOS_OF_A_MILLISECOND, text, 20, 23);
        return new String(text);
    }

    private static void write(int number, char[] text, int from, int to) {
        int left = number;
        for (int i = to - 1; i >= from; i--) {
            text[i] = (char) ('0' + left % 10);
            left /= 10;
        }
    }
}
