package io.guestflow.processor.inspect;

import io.guestflow.processor.config.SettingsException;
import io.guestflow.processor.wire.Uuids;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What {@code scripts/audit} is asked for. */
sealed interface AuditAsked {
    /** The arguments that are for the settings. */
    List<String> settings();

    /** One story. */
    record Show(By by, String id, boolean json, List<String> settings) implements AuditAsked {}

    /**
     * Whether all is as it was written.
     *
     * @param ends the file of the ends that must be found again, where they are kept afterwards
     */
    record Verify(Optional<Path> ends, List<String> settings) implements AuditAsked {}

    /** Whose story. */
    enum By {
        CONVERSATION("conversation"),
        REQUEST("request");

        final String name;

        By(String name) {
            this.name = name;
        }
    }

    /**
     * What the arguments ask for.
     *
     * @throws SettingsException if that cannot be told
     */
    static AuditAsked of(String... args) throws SettingsException {
        List<String> words = new ArrayList<>();
        List<String> settings = new ArrayList<>();
        List<Show> shown = new ArrayList<>();
        boolean json = false;
        Path ends = null;
        for (int i = 0; i < args.length; i++) {
            By by = by(args[i]);
            if (by != null) {
                boolean apart = !args[i].contains("=");
                String id = apart ? i + 1 < args.length ? args[++i] : "" : args[i].substring(args[i].indexOf('=') + 1);
                if (id.isEmpty()) {
                    throw wrong("--" + by.name + " needs the id of one");
                }
                shown.add(new Show(by, by == By.CONVERSATION ? Uuids.lowerCase(id) : id, false, List.of()));
            } else if (args[i].equals("--ends") || args[i].startsWith("--ends=")) {
                boolean apart = args[i].equals("--ends");
                String file = apart ? i + 1 < args.length ? args[++i] : "" : args[i].substring("--ends=".length());
                if (file.isEmpty()) {
                    throw wrong("--ends needs the name of a file");
                }
                ends = Path.of(file);
            } else if (args[i].equals("--json")) {
                json = true;
            } else if (!args[i].startsWith("-")) {
                words.add(args[i]);
            } else {
                settings.add(args[i]);
                if (args[i].equals("--config") && i + 1 < args.length) {
                    settings.add(args[++i]);
                }
            }
        }
        if (settings.contains("--print-config") || settings.contains("--help") || settings.contains("-h")) {
            throw wrong("--help and --print-config are options of the scripts that start something");
        }
        if (words.equals(List.of("verify"))) {
            if (json || !shown.isEmpty()) {
                throw wrong("verify checks everything: it takes no --conversation, --request or --json");
            }
            return new Verify(Optional.ofNullable(ends), List.copyOf(settings));
        }
        if (!words.equals(List.of("show"))) {
            throw wrong("expected one of the words show and verify");
        }
        if (ends != null) {
            throw wrong("--ends belongs to verify");
        }
        if (shown.size() != 1) {
            throw wrong("show needs one of --conversation ID and --request ID");
        }
        return new Show(shown.getFirst().by(), shown.getFirst().id(), json, List.copyOf(settings));
    }

    private static @Nullable By by(String arg) {
        for (By by : By.values()) {
            if (arg.equals("--" + by.name) || arg.startsWith("--" + by.name + "=")) {
                return by;
            }
        }
        return null;
    }

    private static SettingsException wrong(String what) {
        return new SettingsException(List.of("arguments: " + what));
    }
}
