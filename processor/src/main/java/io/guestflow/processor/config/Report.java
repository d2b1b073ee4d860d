package io.guestflow.processor.config;

import java.util.List;

/**
 * How the settings came about, for people.
 *
 * @param lines every setting in force
 * @param warnings what was given and ignored, or is allowed but unwise; one line each
 */
public record Report(List<Line> lines, List<String> warnings) {
    public Report {
        lines = List.copyOf(lines);
        warnings = List.copyOf(warnings);
    }

    /**
     * One setting in force.
     *
     * @param value its text; a mask for a secret
     * @param source where it came from
     */
    public record Line(String name, String value, String source) {}

    /** What {@code --print-config} prints: a {@code .properties} file, but for the masks. */
    public String asProperties() {
        var text = new StringBuilder();
        for (Line line : lines) {
            if (!line.source().equals(Source.DEFAULT.title())) {
                text.append("# from the ").append(line.source()).append(":\n");
            }
            text.append(line.name()).append('=').append(escaped(line.value())).append('\n');
        }
        return text.toString();
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\r", "\\r").replace("\n", "\\n");
    }
}
