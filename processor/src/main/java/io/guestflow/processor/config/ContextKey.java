package io.guestflow.processor.config;

import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A context key that {@code GUESTFLOW_CONTEXT_KEYS} adds to the allow-list.
 *
 * @param key its name
 * @param type what its value may be
 * @param maxLength the longest text, in characters; 0 unless the type is text
 * @param pattern a regular expression that the whole text has to match; only for text
 */
public record ContextKey(String key, Type type, int maxLength, Optional<String> pattern) {

    /** The JSON type of a value. */
    public enum Type {
        TEXT,
        FLAG,
        NUMBER
    }

    /** CXone itself takes no longer custom field than this. */
    static final int LONGEST_TEXT = 1024;

    private static final String NAME = "[A-Za-z][A-Za-z0-9_.-]{0,63}";
    // A pattern may hold commas, so a comma separates only where another "name:type" follows.
    private static final Pattern SEPARATOR =
            Pattern.compile("[,\\r\\n]\\s*(?=" + NAME + "\\s*:\\s*(?:text\\s*\\(|flag\\b|number\\b))");
    private static final Pattern ENTRY = Pattern.compile("(?<key>" + NAME
            + ")\\s*:\\s*(?:text\\s*\\(\\s*(?<length>\\d{1,6})\\s*\\)(?::(?<pattern>.+))?|(?<type>flag|number))");

    /** Reads {@code name:text(16):pattern}, {@code name:flag} and {@code name:number} separated by commas or lines. */
    static List<ContextKey> parseAll(String text) throws BadValue {
        var keys = new ArrayList<ContextKey>();
        var names = new HashSet<String>();
        for (String entry : SEPARATOR.split(text.strip(), -1)) {
            if (entry.isBlank()) {
                continue;
            }
            ContextKey key = parse(entry.strip());
            if (!names.add(key.key())) {
                throw new BadValue("names " + key.key() + " twice");
            }
            keys.add(key);
        }
        return List.copyOf(keys);
    }

    private static ContextKey parse(String entry) throws BadValue {
        Matcher parts = ENTRY.matcher(entry);
        if (!parts.matches()) {
            throw new BadValue("cannot read the entry " + ValueTypes.quoted(entry));
        }
        String type = parts.group("type");
        if (type != null) {
            return new ContextKey(parts.group("key"), Type.valueOf(type.toUpperCase(Locale.ROOT)), 0, Optional.empty());
        }
        int length = Integer.parseInt(parts.group("length"));
        if (length < 1 || length > LONGEST_TEXT) {
            throw new BadValue("gives " + parts.group("key") + " a length of " + length + ", which is not in 1 to "
                    + LONGEST_TEXT);
        }
        Optional<String> pattern = Optional.ofNullable(parts.group("pattern"));
        if (pattern.isPresent()) {
            try {
                com.google.re2j.Pattern.compile(pattern.get());
            } catch (PatternSyntaxException e) {
                throw new BadValue("gives " + parts.group("key") + " a pattern that RE2 does not read ("
                        + e.getDescription() + ")");
            }
        }
        return new ContextKey(parts.group("key"), Type.TEXT, length, pattern);
    }
}
