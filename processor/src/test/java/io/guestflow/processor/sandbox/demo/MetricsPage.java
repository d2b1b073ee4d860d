package io.guestflow.processor.sandbox.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a process tells Prometheus at one moment, in the text format. */
record MetricsPage(List<Sample> samples) {
    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][\\w:]*)(?:\\{(.*)})?\\s+(\\S+)(?:\\s+-?\\d+)?");

    /** One series; {@code labels} as they stand there, {@code endpoint="token",outcome="success"}. */
    record Sample(String name, String labels, double value) {}

    /** Lines that are no samples are passed over. */
    static MetricsPage parse(String text) {
        var samples = new ArrayList<Sample>();
        for (String line : text.lines().toList()) {
            Matcher sample = SAMPLE.matcher(line);
            if (sample.matches()) {
                String labels = sample.group(2) == null ? "" : sample.group(2);
                samples.add(new Sample(sample.group(1), labels, value(sample.group(3))));
            }
        }
        return new MetricsPage(List.copyOf(samples));
    }

    /** The sum over the series of that name with these labels; empty when there is none. */
    OptionalDouble sum(String name, Map<String, String> labels) {
        List<Sample> matching = samples.stream()
                .filter(sample -> sample.name.equals(name))
                .filter(sample -> labels.entrySet().stream()
                        .allMatch(label -> sample.labels.contains(label.getKey() + "=\"" + label.getValue() + "\"")))
                .toList();
        return matching.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(matching.stream().mapToDouble(Sample::value).sum());
    }

    /** The series of that name without labels, or the sum of those with. */
    OptionalDouble sum(String name) {
        return sum(name, Map.of());
    }

    private static double value(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }
}
