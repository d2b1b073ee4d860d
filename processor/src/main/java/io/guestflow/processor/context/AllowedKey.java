package io.guestflow.processor.context;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A context key that may reach the bot, and what its value must be.
 *
 * <p>Patterns are RE2's: they meet text that a stranger chose, on a stream thread, and must take linear time whatever the
 * operator wrote. Java's own can be made to run for hours.
 *
 * <p>Threading: immutable, may be shared.
 *
 * @param name the key, a letter followed by up to 63 of {@code A-Z a-z 0-9 _ . -}
 * @param type what the value must be
 * @param maxLength the longest value, from 1 to 1,024 (CXone's own limit for a custom field): code points of a text,
 *     characters of a number's decimal form
 * @param pattern what the whole value must match, a number in its decimal form
 */
public record AllowedKey(
        String name, Type type, int maxLength, @Nullable Pattern pattern) {
    static final int LONGEST = 1024;
    private static final java.util.regex.Pattern NAME = java.util.regex.Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,63}");

    /** What a value must be. */
    public enum Type {
        /** A string. */
        TEXT,
        /** True or false; if the key has a pattern, a string that matches it may stand for them. */
        FLAG,
        /** A finite number of at most 15 digits, which every reader of JSON holds exactly. */
        NUMBER
    }

    /** @throws IllegalArgumentException if the name or the length is out of bounds */
    public AllowedKey {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("context key '" + name
                    + "': the name must be a letter followed by at most 63 letters, digits, '_', '.' or '-'");
        }
        if (maxLength < 1 || maxLength > LONGEST) {
            throw new IllegalArgumentException(
                    "context key '" + name + "': the length must be from 1 to " + LONGEST + ", is " + maxLength);
        }
    }

    /**
     * A key whose pattern is given in RE2's syntax.
     *
     * @throws IllegalArgumentException if the name, the length or the pattern is not valid
     */
    public static AllowedKey of(String name, Type type, int maxLength, @Nullable String pattern) {
        try {
            return new AllowedKey(name, type, maxLength, pattern == null ? null : Pattern.compile(pattern));
        } catch (PatternSyntaxException invalid) {
            throw new IllegalArgumentException(
                    "context key '" + name + "': the pattern is not one that RE2 reads: " + invalid.getMessage(),
                    invalid);
        }
    }

    boolean matches(String value) {
        return pattern == null || pattern.matches(value);
    }
}
