package io.guestflow.processor.config;

import io.guestflow.processor.config.GivenValues.Given;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigDef;

/** Reads each value once, with the type that the catalogue gives it. */
final class ValueReader {
    private final GivenValues given;
    private final TextFiles files;
    private final List<String> problems;
    private final List<Report.Line> lines = new ArrayList<>();
    private final Map<Setting<?>, Optional<?>> values = new HashMap<>();

    ValueReader(GivenValues given, TextFiles files, List<String> problems) {
        this.given = given;
        this.files = files;
        this.problems = problems;
    }

    /** The value given, else the default; empty if there is neither or what was given is wrong. */
    @SuppressWarnings("unchecked") // A setting's entry was made by readFirst of the same setting.
    <T> Optional<T> read(Setting<T> setting) {
        Optional<?> value = values.get(setting);
        if (value == null) {
            value = readFirst(setting);
            values.put(setting, value);
        }
        return (Optional<T>) value;
    }

    /** Whether anything was given for it, right or wrong. */
    boolean isGiven(Setting<?> setting) {
        return given.find(setting.name()).isPresent()
                || (setting.secret() && given.find(setting.fileName()).isPresent());
    }

    /** The {@code KAFKA_*} settings, under Kafka's names. */
    Map<String, Object> readClientConfigs() {
        var configs = new LinkedHashMap<String, Object>();
        KafkaConfigs.KNOWN.forEach((name, key) -> {
            Optional<String> owned = KafkaConfigs.whyOwned(key);
            if (owned.isEmpty()) {
                boolean secret = KafkaConfigs.isSecret(key);
                Optional<Given> text = secret ? findSecret(name) : given.find(name);
                text.flatMap(found -> parseClientConfig(name, key, found))
                        .ifPresent(value -> configs.put(key.name, value));
            } else {
                given.find(name)
                        .ifPresent(found ->
                                problems.add(name + " (" + found.source().title() + "): " + key.name
                                        + " is not for the taking, because " + owned.get() + "; expected none"));
            }
        });
        return configs;
    }

    /** What was read so far, for the report. */
    List<Report.Line> lines() {
        return List.copyOf(lines);
    }

    private <T> Optional<T> readFirst(Setting<T> setting) {
        Optional<Given> found = setting.secret() ? findSecret(setting.name()) : given.find(setting.name());
        if (found.isEmpty()) {
            if (setting.defaultText().isEmpty()) {
                return Optional.empty();
            }
            lines.add(new Report.Line(setting.name(), setting.defaultText().get(), Source.DEFAULT.title()));
            return Optional.of(Catalogue.defaultOf(setting));
        }
        String text = found.get().text();
        try {
            T value = setting.type().parse(setting.secret() ? text : text.strip());
            lines.add(line(setting.name(), found.get(), setting.secret()));
            return Optional.of(value);
        } catch (BadValue e) {
            problems.add(setting.name() + " (" + found.get().source().title() + "): " + e.whatIsWrong() + "; expected "
                    + setting.type().expected());
            return Optional.empty();
        }
    }

    private Optional<Object> parseClientConfig(String name, ConfigDef.ConfigKey key, Given found) {
        try {
            Object value = KafkaConfigs.parse(key, found.text());
            lines.add(line(name, found, KafkaConfigs.isSecret(key)));
            return Optional.of(value);
        } catch (BadValue e) {
            problems.add(name + " (" + found.source().title() + "): " + e.whatIsWrong()
                    + "; expected what Kafka's documentation says of " + key.name);
            return Optional.empty();
        }
    }

    private static Report.Line line(String name, Given found, boolean secret) {
        return new Report.Line(
                name,
                secret ? Secret.MASK : found.text().strip(),
                found.source().title());
    }

    private Optional<Given> findSecret(String name) {
        String fileName = name + Setting.FILE_SUFFIX;
        Optional<Given> direct = given.find(name);
        Optional<Given> path = given.find(fileName);
        if (direct.isPresent() && direct.get().source() == Source.COMMAND_LINE) {
            problems.add(name + " (command line): everybody on the machine can read a command line; expected " + name
                    + " in the environment or the file, or " + fileName);
            return Optional.empty();
        }
        if (direct.isPresent() && path.isPresent()) {
            problems.add(name + " (" + direct.get().source().title() + ") and " + fileName + " ("
                    + path.get().source().title() + "): both are set; expected one of them");
            return Optional.empty();
        }
        return path.isPresent() ? readSecretFile(fileName, path.get()) : direct;
    }

    private Optional<Given> readSecretFile(String fileName, Given path) {
        String what;
        try {
            String text = files.read(Path.of(path.text().strip()));
            String secret = text.endsWith("\r\n")
                    ? text.substring(0, text.length() - 2)
                    : text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
            if (!secret.isBlank()) {
                return Optional.of(new Given(secret, path.source()));
            }
            what = "is empty";
        } catch (IOException | InvalidPathException e) {
            what = "cannot be read (" + e.getClass().getSimpleName() + ")";
        }
        problems.add(fileName + " (" + path.source().title() + "): " + ValueTypes.quoted(path.text()) + " " + what
                + "; expected the path of a readable file that holds the secret");
        return Optional.empty();
    }
}
