package io.guestflow.processor.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * One output stream of a child, kept in a file that outlives the child. Several runs append to one file; this is the
 * part that began when the object was made.
 */
final class ChildOutput {
    private final Path file;
    private final long start;

    ChildOutput(Path file) {
        this.file = file;
        this.start = length(file);
    }

    Path file() {
        return file;
    }

    /** The complete lines written since {@code offset} bytes of this run, and where the next call goes on. */
    Lines linesFrom(long offset) {
        try (FileChannel channel = FileChannel.open(file)) {
            long from = start + offset;
            var bytes = ByteBuffer.allocate(Math.toIntExact(Math.max(0, channel.size() - from)));
            int read = 0;
            while (bytes.hasRemaining() && read >= 0) {
                read = channel.read(bytes, from + bytes.position());
            }
            String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
            String complete = text.substring(0, text.lastIndexOf('\n') + 1);
            return new Lines(complete.lines().toList(), offset + complete.getBytes(StandardCharsets.UTF_8).length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The last lines of this run, indented for quoting in an error. */
    String tail(int lines) {
        List<String> all = linesFrom(0).lines();
        List<String> last = all.subList(Math.max(0, all.size() - lines), all.size());
        return last.isEmpty() ? "  (empty)" : "  " + String.join("\n  ", last);
    }

    private static long length(Path file) {
        try {
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    record Lines(List<String> lines, long next) {}
}
