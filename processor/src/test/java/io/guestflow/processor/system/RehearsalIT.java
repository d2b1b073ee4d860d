package io.guestflow.processor.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.processor.sandbox.ProcessorProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code --rehearse}, which the image and {@code scripts/run} write the JVM's cache with. */
@Timeout(60)
class RehearsalIT {
    @TempDir
    Path dir;

    @Test
    void itNeedsNeitherSettingsNorBrokerAndEndsByItselfWithoutAWord() throws Exception {
        try (ProcessorProcess processor = ProcessorProcess.named("rehearsal")
                // Whatever is wrong with the settings of whoever builds an image is of no matter.
                .setting("KAFKA_BOOTSTRAP_SERVERS", "no port")
                .arguments("--rehearse")
                .logsIn(dir)
                .start()) {

            assertEquals(0, processor.awaitExit(Duration.ofSeconds(50)));

            assertEquals("", Files.readString(processor.stdout()));
            assertEquals("", Files.readString(processor.stderr()));
        }
    }
}
