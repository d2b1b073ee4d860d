package io.guestflow.processor.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ExitCodeTest {
    @Test
    void theCodesAreThoseThatScriptsAreWrittenAgainst() {
        assertEquals(
                Map.of("OK", 0, "FAILED", 1, "USAGE", 2, "BROKER", 3, "NOT_FOUND", 4),
                Stream.of(ExitCode.values()).collect(Collectors.toMap(ExitCode::name, ExitCode::code)));
    }
}
