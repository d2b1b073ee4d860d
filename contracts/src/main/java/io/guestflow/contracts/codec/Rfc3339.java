package io.guestflow.contracts.codec;

import java.time.DateTimeException;
import java.time.Instant;
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

    private static final DateTimeFormatter MILLISECONDS_UTC =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private Rfc3339() {}

    /** The time, or null if the text is none. */
    static @Nullable Instant parse(String text) {
        if (!FORM.matcher(text).matches()) {
            return null;
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException notInTheCalendar) {
            return null;
        }
    }

    /** In UTC with exactly three decimals, so that texts sort as their times do; smaller parts are cut off. */
    static String format(Instant time) {
        return MILLISECONDS_UTC.format(time);
    }
}
