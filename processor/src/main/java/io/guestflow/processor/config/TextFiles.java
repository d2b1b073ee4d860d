package io.guestflow.processor.config;

import java.io.IOException;
import java.nio.file.Path;

/** Reads the files that settings name; {@code Files::readString} outside of tests. */
@FunctionalInterface
public interface TextFiles {
    /** The whole text of a file in UTF-8. */
    String read(Path path) throws IOException;
}
