package io.guestflow.processor.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.guestflow.processor.config.SettingsException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditAskedTest {
    private static final String UUID = "3f2b8c1e-0a4d-4f6b-9c7e-1d2a3b4c5d6e";

    @Test
    void aStoryIsAskedForByOneId() throws SettingsException {
        assertEquals(
                new AuditAsked.Show(AuditAsked.By.CONVERSATION, UUID, false, List.of()),
                AuditAsked.of("show", "--conversation", UUID.toUpperCase(Locale.ROOT)));
        assertEquals(
                new AuditAsked.Show(AuditAsked.By.REQUEST, "R-1=x", true, List.of("--GUESTFLOW_BROKER_WAIT=1s")),
                AuditAsked.of("--json", "--GUESTFLOW_BROKER_WAIT=1s", "show", "--request=R-1=x"));
    }

    @Test
    void aCheckIsAskedForByItsWord() throws SettingsException {
        assertEquals(
                new AuditAsked.Verify(Optional.empty(), List.of("--config", "a file")),
                AuditAsked.of("verify", "--config", "a file"));
        for (String[] args :
                List.of(new String[] {"verify", "--ends", "file"}, new String[] {"--ends=file", "verify"})) {
            assertEquals(new AuditAsked.Verify(Optional.of(Path.of("file")), List.of()), AuditAsked.of(args));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "tell",
                "show",
                "show verify",
                "show conv-1",
                "show --conversation",
                "show --request=",
                "show --conversation a --request b",
                "show --request a --help",
                "verify --json",
                "verify --ends",
                "verify --ends=",
                "show --request a --ends file",
                "verify --request a",
                "verify --print-config",
                "verify everything"
            })
    void anythingElseIsAUsageError(String line) {
        String[] args = line.isEmpty() ? new String[0] : line.split(" ");
        assertThrows(SettingsException.class, () -> AuditAsked.of(args));
    }
}
