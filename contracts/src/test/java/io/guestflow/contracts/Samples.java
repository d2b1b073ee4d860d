package io.guestflow.contracts;

import io.guestflow.contracts.codec.JsonCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The golden samples: the wire format, frozen. They are numbered by age in a folder for each version of a contract. A
 * sample that was published is not edited any more: a new form is a new sample, and the old ones stay readable.
 */
final class Samples {
    /** Knows nothing of the codec's strictness. */
    static final JsonMapper PLAIN = JsonMapper.builder().build();

    private Samples() {}

    /** A good value of a contract, as the codec would write it apart from white space and the order of its fields. */
    record Sample(JsonCodec<?> codec, String name, String text) {
        String schema() {
            return codec.schema();
        }

        byte[] bytes() {
            return text.getBytes(StandardCharsets.UTF_8);
        }

        ObjectNode json() {
            return (ObjectNode) PLAIN.readTree(text);
        }

        @Override
        public String toString() {
            return schema() + " " + name;
        }
    }

    static List<Sample> all() {
        return contracts().stream().flatMap(codec -> of(codec).stream()).toList();
    }

    /** Every contract once, though two topics carry requests. */
    static List<JsonCodec<?>> contracts() {
        return Topics.ALL.stream()
                .<JsonCodec<?>>flatMap(topic -> topic.contract().stream())
                .distinct()
                .collect(Collectors.toUnmodifiableList());
    }

    static List<Sample> of(JsonCodec<?> codec) {
        try (Stream<Path> files = Files.list(folder(codec.schema()))) {
            return files.sorted()
                    .map(file -> new Sample(codec, file.getFileName().toString().replace(".json", ""), text(file)))
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static Sample named(JsonCodec<?> codec, String name) {
        return of(codec).stream()
                .filter(sample -> sample.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no sample " + name + " of " + codec.schema()));
    }

    /** What the codec writes of what it read. */
    static <T> byte[] rewritten(JsonCodec<T> codec, byte[] bytes) {
        return codec.write(codec.read(bytes));
    }

    private static Path folder(String schema) {
        try {
            return Path.of(Samples.class
                    .getResource("samples/" + schema.replace('/', '.'))
                    .toURI());
        } catch (URISyntaxException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
