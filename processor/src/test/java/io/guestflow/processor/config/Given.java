package io.guestflow.processor.config;

import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assertions;

/** Settings given to a process that does not exist: arguments, environment and files of one test. */
final class Given {
    static final String KEY_A = "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=";
    static final String KEY_B = "QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI=";

    private final List<String> args = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>();
    private final Map<Path, String> files = new HashMap<>();

    /** Nothing at all. */
    static Given nothing() {
        return new Given();
    }

    /** The least with which every role starts. */
    static Given minimum() {
        return nothing()
                .environment("KAFKA_BOOTSTRAP_SERVERS", "kafka:9092")
                .environment("GUESTFLOW_REF_KEY", KEY_A)
                .environment("CXONE_BASE_URL", "https://cxone.example.com")
                .environment("CXONE_CLIENT_ID", "client")
                .environment("CXONE_CLIENT_SECRET", "hush-hush");
    }

    Given args(String... more) {
        args.addAll(Arrays.asList(more));
        return this;
    }

    Given environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    Given without(String name) {
        environment.remove(name);
        return this;
    }

    Given file(String path, String text) {
        files.put(Path.of(path), text);
        return this;
    }

    /** A settings file with these lines, and the argument that names it. */
    Given settingsFile(String... lines) {
        return file("guestflow.properties", String.join("\n", lines)).args("--config", "guestflow.properties");
    }

    Settings load() throws SettingsException {
        return Settings.load(args.toArray(String[]::new), environment, this::read);
    }

    Launch launch() throws SettingsException {
        return Launch.of(args.toArray(String[]::new), environment, this::read);
    }

    /** What loading complains of. */
    List<String> problems() {
        return Assertions.assertThrows(SettingsException.class, this::load).problems();
    }

    private String read(Path path) throws NoSuchFileException {
        String text = files.get(path);
        if (text == null) {
            throw new NoSuchFileException(path.toString());
        }
        return text;
    }
}
