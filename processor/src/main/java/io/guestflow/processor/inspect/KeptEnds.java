package io.guestflow.processor.inspect;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the chains ended when they were checked, kept in a file: a line for each partition, its number, the last number of
 * its chain and that record's hash.
 */
final class KeptEnds {
    private static final Pattern LINE = Pattern.compile("([0-9]{1,9}) ([0-9]{1,16}) ([A-Za-z0-9_-]{1,64})");

    private final Path file;

    KeptEnds(Path file) {
        this.file = file;
    }

    /** An end. */
    record End(long seq, String hash) {}

    /**
     * Those that were kept, by partition; none if there is no file yet.
     *
     * @throws IOException if they cannot be read, or the file is none of this kind
     */
    Map<Integer, End> read() throws IOException {
        Map<Integer, End> ends = new TreeMap<>();
        if (!Files.exists(file)) {
            return ends;
        }
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            Matcher end = LINE.matcher(line);
            if (!end.matches()) {
                throw new IOException("it has a line that is not a partition, a number and a hash");
            }
            ends.put(Integer.parseInt(end.group(1)), new End(Long.parseLong(end.group(2)), end.group(3)));
        }
        return ends;
    }

    /** Keeps these, whole or not at all. */
    void write(Map<Integer, End> ends) throws IOException {
        StringBuilder text = new StringBuilder();
        ends.forEach((partition, end) -> text.append(partition)
                .append(' ')
                .append(end.seq())
                .append(' ')
                .append(end.hash())
                .append('\n'));
        Path written = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(written, text);
        Files.move(written, file, StandardCopyOption.REPLACE_EXISTING);
    }
}
