package io.guestflow.processor.sandbox.cxone;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** How a {@code Retry-After} header is put (RFC 9110, 10.2.3). */
public sealed interface RetryAfter {

    /** Delay in seconds. */
    record Seconds(int seconds) implements RetryAfter {}

    /** A date that lies this many whole seconds ahead, rounded up, because the header knows no fractions. */
    record Date(int seconds) implements RetryAfter {}

    /** Whatever stands here, for the headers that should not exist. */
    record Literal(String value) implements RetryAfter {}

    /** Reads {@code "3"}, {@code "date:3"} or {@code "literal:soon"}. */
    static RetryAfter parse(String text) {
        if (text.startsWith("date:")) {
            return new Date(Integer.parseInt(text.substring(5)));
        }
        return text.startsWith("literal:") ? new Literal(text.substring(8)) : new Seconds(Integer.parseInt(text));
    }

    /** The header's value, said at {@code now}. */
    default String header(Instant now) {
        return switch (this) {
            case Seconds s -> Integer.toString(s.seconds());
            case Date ignored -> HttpDates.RFC_1123.format(now.plus(pause(now)));
            case Literal l -> l.value();
        };
    }

    /** How long a caller who understood the header keeps away. */
    default Duration pause(Instant now) {
        return switch (this) {
            case Seconds s -> Duration.ofSeconds(s.seconds());
            case Date d -> {
                Instant exact = now.plusSeconds(d.seconds());
                Instant whole = exact.truncatedTo(ChronoUnit.SECONDS);
                yield Duration.between(now, whole.equals(exact) ? whole : whole.plusSeconds(1));
            }
            case Literal ignored -> Duration.ZERO;
        };
    }

    /** IMF-fixdate; the JDK's own RFC 1123 formatter writes one-digit days. */
    final class HttpDates {
        private static final DateTimeFormatter RFC_1123 = DateTimeFormatter.ofPattern(
                        "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
                .withZone(ZoneOffset.UTC);

        private HttpDates() {}
    }
}
