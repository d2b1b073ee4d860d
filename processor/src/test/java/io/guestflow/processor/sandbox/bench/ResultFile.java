package io.guestflow.processor.sandbox.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.json.JsonMapper;

/** What a run measured, as JSON for whoever compares runs. */
public final class ResultFile {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ResultFile() {}

    /** Writes the record beside the run's directory, under its name, and returns the file. */
    public static Path write(Path run, Object figures) throws IOException {
        Path file = run.resolveSibling(run.getFileName() + ".json");
        Files.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(figures));
        return file;
    }
}
