package io.guestflow.processor.config;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What was given where, and which of it counts. */
record GivenValues(Map<String, String> commandLine, Map<String, String> environment, Map<String, String> file) {

    /** A text and where it was found. */
    record Given(String text, Source source) {}

    /** The text that counts: the command line's before the environment's before the file's. */
    Optional<Given> find(String name) {
        String text = commandLine.get(name);
        if (text != null) {
            return Optional.of(new Given(text, Source.COMMAND_LINE));
        }
        text = environment.get(name);
        // Compose and Kubernetes pass a variable that nobody set as an empty one. Were that a value, an unset
        // ${CHANNELS} would open every channel.
        if (text != null && !text.isBlank()) {
            return Optional.of(new Given(text, Source.ENVIRONMENT));
        }
        text = file.get(name);
        return text == null ? Optional.empty() : Optional.of(new Given(text, Source.FILE));
    }

    /** Every name that someone wrote for this process alone: in the file or on the command line. */
    Set<String> writtenNames() {
        var names = new TreeSet<>(file.keySet());
        names.addAll(commandLine.keySet());
        return names;
    }

    Source writtenIn(String name) {
        return commandLine.containsKey(name) ? Source.COMMAND_LINE : Source.FILE;
    }
}
