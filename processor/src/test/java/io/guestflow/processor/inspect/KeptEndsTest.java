package io.guestflow.processor.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.guestflow.processor.inspect.KeptEnds.End;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptEndsTest {
    @TempDir
    Path dir;

    @Test
    void whatIsKeptIsReadAgain() throws IOException {
        KeptEnds kept = new KeptEnds(dir.resolve("ends"));
        assertEquals(Map.of(), kept.read());

        Map<Integer, End> ends = Map.of(0, new End(4711, "a_hash-"), 11, new End(1, "b"));
        kept.write(ends);
        assertEquals(ends, kept.read());
        kept.write(Map.of());
        assertEquals(Map.of(), kept.read());
    }

    @Test
    void anotherFileIsNotTakenForOne() throws IOException {
        Path file = Files.writeString(dir.resolve("ends"), "0 4711 hash\nsomething else\n");
        assertThrows(IOException.class, () -> new KeptEnds(file).read());
    }
}
