package io.guestflow.processor.config;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What the catalogue says of one setting; parsing, help, print and documentation all come from it.
 *
 * @param defaultText the default as one would write it, read by the same parser
 * @param requiredBy a process that runs one of these roles cannot start without a value
 */
record Setting<T>(
        String name,
        Group group,
        ValueType<T> type,
        Optional<String> defaultText,
        boolean secret,
        Set<Role> requiredBy,
        String doc) {

    static final String FILE_SUFFIX = "_FILE";

    /** The chapters of the table. */
    enum Group {
        PROCESS("Process"),
        KAFKA("Kafka"),
        TOPICS("Topics"),
        CXONE("CXone"),
        AUTH("Authentication"),
        CONTEXT("Context"),
        WEBHOOKS("Webhooks"),
        SESSIONS("Sessions"),
        ANALYTICS("Analytics"),
        ALERTS("Alerts"),
        MEASURE("Measurement"),
        STREAMS("Streams"),
        EFFECTS("Effects"),
        HTTP("HTTP"),
        LOG("Log");

        private final String title;

        Group(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    /** The name under which the path of a file with the value is given; only secrets have one. */
    String fileName() {
        return name + FILE_SUFFIX;
    }

    boolean requiredAlways() {
        return requiredBy.equals(EnumSet.allOf(Role.class));
    }

    /** What the tables say instead of a default when there is none. */
    String requirement() {
        if (requiredAlways()) {
            return "required";
        }
        if (requiredBy.isEmpty()) {
            return "none";
        }
        return "required by "
                + String.join(
                        ", ",
                        requiredBy.stream()
                                .map(role -> role.name().toLowerCase(Locale.ROOT))
                                .toList());
    }
}
