package io.guestflow.processor.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a processor printed, held against the rule that no guest id, payload, secret or token gets there. Everything
 * private that tests hand to a processor holds the canary; the simulator's tokens have a form of their own.
 */
final class Output {
    /** Stands in every guest id, secret, and context value that nobody may see. */
    static final String CANARY = "canary";

    private static final Pattern PRIVATE = Pattern.compile("(?i)" + CANARY + "|sim-\\d+-[0-9a-f]{24}");

    private Output() {}

    /** The lines that tell what must not be told. */
    static List<String> leaks(String text) {
        return text.lines().filter(line -> PRIVATE.matcher(line).find()).toList();
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
