package io.guestflow.processor.config;

import java.util.ArrayList;
import java.util.Map;

/** What the arguments ask the process to do. */
public sealed interface Launch {

    /** Start with these settings. */
    record Run(Settings settings) implements Launch {}

    /** Print a text on stdout and end. */
    record Print(String text) implements Launch {}

    /** Make what a start makes, without a broker, and end. */
    record Rehearse() implements Launch {}

    /**
     * Reads the arguments, and unless nothing but help or a rehearsal is asked for, the settings.
     *
     * @throws SettingsException listing everything that is wrong; {@code --help} and {@code --rehearse} never throw
     */
    static Launch of(String[] args, Map<String, String> environment, TextFiles files) throws SettingsException {
        return switch (CommandLine.parse(args, new ArrayList<>()).ask()) {
            case HELP -> new Print(HelpText.of());
            case PRINT_CONFIG ->
                new Print(Settings.load(args, environment, files).report().asProperties());
            case REHEARSE -> new Rehearse();
            case RUN -> new Run(Settings.load(args, environment, files));
        };
    }
}
