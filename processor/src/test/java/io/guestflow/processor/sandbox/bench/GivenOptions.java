package io.guestflow.processor.sandbox.bench;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The options that a benchmark was given: flags, and others with a value as the next argument. */
public final class GivenOptions {
    private final Map<String, String> given;

    private GivenOptions(Map<String, String> given) {
        this.given = given;
    }

    /** @throws UsageException for an option that is neither, or lacks its value */
    public static GivenOptions parse(Set<String> flags, Set<String> valued, List<String> args) {
        Map<String, String> given = new HashMap<>();
        for (int i = 0; i < args.size(); i++) {
            String option = args.get(i);
            if (flags.contains(option)) {
                given.put(option, "");
            } else if (!valued.contains(option)) {
                throw new UsageException("unknown option '" + option + "'");
            } else if (i + 1 == args.size()) {
                throw new UsageException(option + " needs a value");
            } else {
                given.put(option, args.get(++i));
            }
        }
        return new GivenOptions(given);
    }

    public boolean has(String flag) {
        return given.containsKey(flag);
    }

    /**
     * The option's value.
     *
     * @throws UsageException when {@code read} finds a number that is none
     */
    public <T> T get(String option, T otherwise, Function<String, T> read) {
        String value = given.get(option);
        if (value == null) {
            return otherwise;
        }
        try {
            return read.apply(value);
        } catch (NumberFormatException notANumber) {
            throw new UsageException(option + " needs whole numbers above 0, not '" + value + "'");
        }
    }

    /** @throws NumberFormatException for anything but a whole number above 0 */
    public static int positive(String value) {
        int number = Integer.parseInt(value);
        if (number <= 0) {
            throw new NumberFormatException(value);
        }
        return number;
    }

    /** @throws NumberFormatException for anything but a whole number above 0 */
    public static Duration seconds(String value) {
        return Duration.ofSeconds(positive(value));
    }
}
