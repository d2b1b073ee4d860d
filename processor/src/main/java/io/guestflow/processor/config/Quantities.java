package io.guestflow.processor.config;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Values that carry a unit. A bare number is refused: it is read as seconds by one person and milliseconds by the next. */
final class Quantities {
    private static final Pattern SHORT_DURATION = Pattern.compile("(\\d{1,12})(ms|s|m|h|d)");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,9})(B|KiB|MiB|GiB)");
    private static final Pattern SHARE = Pattern.compile("\\d{1,3}(?:\\.\\d{1,6})?%");
    private static final Pattern RATE = Pattern.compile("\\d{1,7}(?:\\.\\d{1,6})?");

    private Quantities() {}

    static ValueType<Duration> duration(Duration min, Duration max) {
        String expected =
                "a duration from " + shown(min) + " to " + shown(max) + ", such as 500ms, 6s, 15m, 12h, 7d or PT6S";
        return ValueType.of(expected, text -> {
            Duration value = parseDuration(text);
            if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
                throw new BadValue(text + " is not in " + shown(min) + " to " + shown(max));
            }
            return value;
        });
    }

    /** From {@code unit} on, and a multiple of it. */
    static ValueType<Duration> multiple(Duration unit, Duration max) {
        ValueType<Duration> any = duration(unit, max);
        return ValueType.of("a multiple of " + shown(unit) + " up to " + shown(max) + ", such as 30s or 15m", text -> {
            Duration value = any.parse(text);
            if (value.toMillis() % unit.toMillis() != 0) {
                throw new BadValue(text + " is no multiple of " + shown(unit));
            }
            return value;
        });
    }

    /** Several of them, in their order, each once; one at least. */
    static ValueType<List<Duration>> durations(Duration min, Duration max, int most) {
        ValueType<Duration> one = duration(min, max);
        String expected =
                "1 to " + most + " durations from " + shown(min) + " to " + shown(max) + ", separated by commas";
        return ValueType.of(expected, text -> {
            var durations = new LinkedHashSet<Duration>();
            for (String part : ValueTypes.parts(text)) {
                durations.add(one.parse(part));
            }
            if (durations.isEmpty()) {
                throw new BadValue("names no duration");
            }
            if (durations.size() > most) {
                throw new BadValue("names " + durations.size() + " durations");
            }
            return List.copyOf(durations);
        });
    }

    /** Several of them in their order, one at least, and none shorter than the one before it. */
    static ValueType<List<Duration>> delays(Duration min, Duration max, int most) {
        ValueType<Duration> one = duration(min, max);
        String expected = "1 to " + most + " durations from " + shown(min) + " to " + shown(max)
                + ", separated by commas, none shorter than the one before it";
        return ValueType.of(expected, text -> {
            List<Duration> delays = new ArrayList<>();
            for (String part : ValueTypes.parts(text)) {
                Duration delay = one.parse(part);
                if (!delays.isEmpty() && delay.compareTo(delays.getLast()) < 0) {
                    throw new BadValue(part + " is shorter than the one before it");
                }
                delays.add(delay);
            }
            if (delays.isEmpty()) {
                throw new BadValue("names no duration");
            }
            if (delays.size() > most) {
                throw new BadValue("names " + delays.size() + " durations");
            }
            return List.copyOf(delays);
        });
    }

    static ValueType<Long> size(long min, long max) {
        String expected = "a size from " + shown(min) + " to " + shown(max) + ", such as 64KiB, 64MiB or 1GiB";
        return ValueType.of(expected, text -> {
            long value = parseSize(text);
            if (value < min || value > max) {
                throw new BadValue(text + " is not in " + shown(min) + " to " + shown(max));
            }
            return value;
        });
    }

    static ValueType<Rate> rate() {
        return ValueType.of("a number a second such as 100 or 0.5 (0 means no limit)", text -> {
            if (!RATE.matcher(text).matches()) {
                throw new BadValue(ValueTypes.quoted(text) + " is no rate");
            }
            return new Rate(Double.parseDouble(text));
        });
    }

    /** From 0 to less than 1. */
    static ValueType<Double> shareBelowAll() {
        return ValueType.of(
                "a share from 0% to less than 100%, such as 5% or 2.5%",
                text -> {
                    if (!SHARE.matcher(text).matches()) {
                        throw new BadValue(ValueTypes.quoted(text) + " is no share");
                    }
                    double share = new BigDecimal(text.substring(0, text.length() - 1))
                            .movePointLeft(2)
                            .doubleValue();
                    if (share >= 1) {
                        throw new BadValue(text + " is not less than 100%");
                    }
                    return share;
                });
    }

    /** The text that reads back as the share. */
    static String shown(double share) {
        return BigDecimal.valueOf(share).movePointRight(2).stripTrailingZeros().toPlainString() + "%";
    }

    /** The shortest text that reads back as the duration. */
    static String shown(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1000 != 0) {
            return millis + "ms";
        }
        long seconds = millis / 1000;
        if (seconds % 86_400 == 0 && seconds > 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds % 3600 == 0 && seconds > 0) {
            return seconds / 3600 + "h";
        }
        return seconds % 60 == 0 && seconds > 0 ? seconds / 60 + "m" : seconds + "s";
    }

    private static Duration parseDuration(String text) throws BadValue {
        Matcher parts = SHORT_DURATION.matcher(text);
        if (parts.matches()) {
            long amount = Long.parseLong(parts.group(1));
            return switch (parts.group(2)) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                default -> Duration.ofDays(amount);
            };
        }
        if (text.matches("-?\\d+")) {
            throw new BadValue(ValueTypes.quoted(text) + " has no unit");
        }
        try {
            return Duration.parse(text);
        } catch (DateTimeException | ArithmeticException e) {
            throw new BadValue(ValueTypes.quoted(text) + " is no duration");
        }
    }

    private static long parseSize(String text) throws BadValue {
        Matcher parts = SIZE.matcher(text);
        if (!parts.matches()) {
            throw new BadValue(ValueTypes.quoted(text) + (text.matches("\\d+") ? " has no unit" : " is no size"));
        }
        long amount = Long.parseLong(parts.group(1));
        return switch (parts.group(2)) {
            case "B" -> amount;
            case "KiB" -> amount << 10;
            case "MiB" -> amount << 20;
            default -> amount << 30;
        };
    }

    private static String shown(long bytes) {
        if (bytes % (1L << 30) == 0) {
            return (bytes >> 30) + "GiB";
        }
        return bytes % (1L << 20) == 0 ? (bytes >> 20) + "MiB" : (bytes >> 10) + "KiB";
    }
}
