package io.guestflow.contracts;

import io.guestflow.contracts.codec.JsonCodec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The JSON Schemas (draft 2020-12) of the contracts. They stand beside this class in {@code schemas/}; the schema of
 * {@code guest-auth-request/1} is {@code guest-auth-request.1.json}.
 */
public final class Schemas {
    private Schemas() {}

    /**
     * The text of a schema.
     *
     * @param schema as the record header {@code schema} has it, {@code guest-auth-request/1}
     * @throws IllegalArgumentException if there is no such contract
     */
    public static String text(String schema) {
        // A header can come from anywhere: only a contract's name may become the name of a resource.
        List<String> contracts = Topics.ALL.stream()
                .flatMap(topic -> topic.contract().stream())
                .map(JsonCodec::schema)
                .distinct()
                .toList();
        if (!contracts.contains(schema)) {
            throw new IllegalArgumentException("no such contract; there are " + contracts);
        }
        String resource = "schemas/" + schema.replace('/', '.') + ".json";
        try (InputStream text = Schemas.class.getResourceAsStream(resource)) {
            if (text == null) {
                throw new IllegalStateException(resource + " is missing from the contracts' jar: build it again");
            }
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(resource + " cannot be read from the contracts' jar", unreadable);
        }
    }
}
