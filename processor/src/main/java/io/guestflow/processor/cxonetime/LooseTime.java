package io.guestflow.processor.cxonetime;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Times as CXone and senders of webhooks write them: {@code 2026-11-22T07:03:00}, any fraction or none, and {@code Z},
 * {@code +01:00}, {@code +0100} or {@code +01}. By hand: a pattern for all of them costs more than the rest of an event.
 *
 * <p>Threading: any thread.
 */
public final class LooseTime {
    private static final int SECONDS_END = 19;
    private static final int NANO_DIGITS = 9;
    private static final int LAST_OFFSET_HOUR = 18;
    private static final long DAY = 86_400;

    private final String text;
    private int at = SECONDS_END;

    private LooseTime(String text) {
        this.text = text;
    }

    /** The time, or null if the text is none, has no offset, or lies before 1970. */
    public static @Nullable Instant parse(String text) {
        return text.length() > SECONDS_END ? new LooseTime(text).parse() : null;
    }

    private @Nullable Instant parse() {
        int year = number(0, 4);
        int month = number(5, 2);
        int day = number(8, 2);
        int hour = number(11, 2);
        int minute = number(14, 2);
        int second = number(17, 2);
        boolean shaped = text.charAt(4) == '-'
                && text.charAt(7) == '-'
                && "Tt ".indexOf(text.charAt(10)) >= 0
                && text.charAt(13) == ':'
                && text.charAt(16) == ':';
        if (!shaped || year < 0 || month < 0 || day < 0 || hour < 0 || minute < 0 || second < 0) {
            return null;
        }
        int nanos = fraction();
        Integer offset = offset();
        if (nanos < 0 || offset == null || hour > 23 || minute > 59 || second > 59) {
            return null;
        }
        try {
            long days = LocalDate.of(year, month, day).toEpochDay();
            long seconds = days * DAY + (hour * 60L + minute) * 60 + second - offset;
            return seconds < 0 ? null : Instant.ofEpochSecond(seconds, nanos);
        } catch (DateTimeException notInTheCalendar) {
            return null;
        }
    }

    /** The fraction in nanoseconds, smaller parts cut off; negative if there is a point and no digit. */
    private int fraction() {
        if (text.charAt(at) != '.' && text.charAt(at) != ',') {
            return 0;
        }
        int first = ++at;
        int nanos = 0;
        while (at < text.length() && isDigit(text.charAt(at))) {
            if (at - first < NANO_DIGITS) {
                nanos = nanos * 10 + (text.charAt(at) - '0');
            }
            at++;
        }
        for (int digits = at - first; digits < NANO_DIGITS; digits++) {
            nanos *= 10;
        }
        return at == first ? -1 : nanos;
    }

    /** In seconds; null if what is left of the text is no offset. */
    private @Nullable Integer offset() {
        int left = text.length() - at;
        if (left == 1 && (text.charAt(at) == 'Z' || text.charAt(at) == 'z')) {
            return 0;
        }
        if (left != 3 && left != 5 && !(left == 6 && text.charAt(at + 3) == ':')) {
            return null;
        }
        int hours = number(at + 1, 2);
        int minutes = left == 3 ? 0 : number(text.length() - 2, 2);
        char sign = text.charAt(at);
        if ((sign != '+' && sign != '-') || hours < 0 || hours > LAST_OFFSET_HOUR || minutes < 0 || minutes > 59) {
            return null;
        }
        int seconds = (hours * 60 + minutes) * 60;
        return sign == '-' ? -seconds : seconds;
    }

    /** So many digits from there, negative if one of them is none. */
    private int number(int from, int digits) {
        int number = 0;
        for (int i = from; i < from + digits; i++) {
            if (!isDigit(text.charAt(i))) {
                return -1;
            }
            number = number * 10 + (text.charAt(i) - '0');
        }
        return number;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
