package io.guestflow.processor.effects.cxone;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads {@code Retry-After}: seconds, or a date in any of HTTP's three forms (RFC 9110, 10.2.3 and 5.6.7). */
final class RetryAfter {

    /** Longer pauses are daily quotas rather than limits; waiting them out would stop every guest. */
    static final Duration LONGEST = Duration.ofMinutes(3);

    private static final int LONGEST_DIGITS = 9;

    private static final List<DateTimeFormatter> DATES = List.of(
            DateTimeFormatter.RFC_1123_DATE_TIME,
            DateTimeFormatter.ofPattern("EEEE, dd-MMM-yy HH:mm:ss 'GMT'", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC),
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC));

    private RetryAfter() {}

    /**
     * From nothing, for a date that is over, to {@link #LONGEST}; null when there is no such header or it is garbage.
     */
    static @Nullable Duration parse(@Nullable String value, Instant now) {
        if (value == null || value.isEmpty()) {
            return null;
        }
        if (value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return value.length() > LONGEST_DIGITS ? LONGEST : clamp(Duration.ofSeconds(Long.parseLong(value)));
        }
        for (DateTimeFormatter form : DATES) {
            Instant date = date(form, value);
            if (date != null) {
                return clamp(Duration.between(now, date));
            }
        }
        return null;
    }

    private static @Nullable Instant date(DateTimeFormatter form, String value) {
        try {
            return Instant.from(form.parse(value));
        } catch (DateTimeException e) {
            // Another form, or garbage, which counts as no header at all.
            return null;
        }
    }

    private static Duration clamp(Duration wait) {
        if (wait.isNegative()) {
            return Duration.ZERO;
        }
        return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }
}
