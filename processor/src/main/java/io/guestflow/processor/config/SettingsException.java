package io.guestflow.processor.config;

import java.util.List;

/** The settings are wrong; every mistake is listed, one line each, naming the setting and never a secret's value. */
public final class SettingsException extends Exception {
    private final transient List<String> problems;

    public SettingsException(List<String> problems) {
        super((problems.size() == 1 ? "1 setting is wrong" : problems.size() + " settings are wrong") + "\n  "
                + String.join("\n  ", problems));
        this.problems = List.copyOf(problems);
    }

    /** One line for each mistake. */
    public List<String> problems() {
        return problems;
    }
}
