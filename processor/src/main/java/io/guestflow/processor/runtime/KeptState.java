package io.guestflow.processor.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state that applications of an instance keep between two lives, as long as it may be built upon. A restore begins
 * where the kept state ends. Tombstones leave a changelog some time after they were written, and a deletion that the state has not seen and
 * the changelog no longer tells would be undone: so state that is too old is deleted, and restored whole.
 *
 * <p>Its age counts from the last time that it was closed in order and up to date, and not from the last sign of life. What
 * was written since may never have reached the disk: RocksDB writes when its buffers are full, without a log of its own.
 *
 * <p>Threading: the thread that wires the process, then the one that ends it; between them the one that
 * starts an application again.
 */
public final class KeptState {
    private static final Logger LOG = LoggerFactory.getLogger(KeptState.class);

    /** A machine's clock is set by about so much without having been wrong. */
    private static final Duration CLOCK_SLACK = Duration.ofMinutes(1);

    private final Path directory;
    private final Path closedFile;
    private final Set<String> applications;
    private final Duration oldest;
    private final InstantSource wall;
    private volatile boolean discarded;

    private KeptState(Path directory, Path closedFile, Set<String> applications, Duration oldest, InstantSource wall) {
        this.directory = directory;
        this.applications = applications;
        this.oldest = oldest;
        this.closedFile = closedFile;
        this.wall = wall;
    }

    /**
     * The state in an instance's directory, which is deleted first if it is too old, or if nothing tells how old it is.
     *
     * @param applications whose state it is; that of others is left alone
     * @param closedFile name of the file that says when theirs was closed, beside those of others
     * @param oldest well below the time for which changelogs keep tombstones: machines' clocks are wrong, and a restore takes time
     * @throws InstanceException if it has to be deleted and cannot be
     */
    public static KeptState in(InstanceIdentity instance, Set<String> applications, String closedFile, Duration oldest)
            throws InstanceException {
        // The machine's clock: the process's starts with it, and would be the older one when it ends.
        return in(instance.stateDir(), applications, closedFile, oldest, InstantSource.system());
    }

    static KeptState in(Path stateDir, Set<String> applications, String closedFile, Duration oldest, InstantSource wall)
            throws InstanceException {
        KeptState state = new KeptState(
                stateDir.resolve("streams"), stateDir.resolve(closedFile), Set.copyOf(applications), oldest, wall);
        state.deleteIfTooOld();
        return state;
    }

    /**
     * The same as when it was found, for a start that comes later: before it is opened.
     *
     * @throws InstanceException if it has to be deleted and cannot be
     */
    public void deleteIfTooOld() throws InstanceException {
        List<Path> tasks = tasks();
        String tooOld = tasks.isEmpty() ? null : whyTooOld();
        if (tooOld != null) {
            LOG.info(
                    "the state of {} in {} {}: deletions since then may be gone from the changelogs, so it is deleted and"
                            + " restored from them whole, which makes this start take longer",
                    applications,
                    directory,
                    tooOld);
            delete(tasks);
        }
    }

    /**
     * Deletes it whatever its age, before it is opened, and takes this life's as too old for the next one: something else
     * than its age says that deletions may be missing from it.
     *
     * @throws InstanceException if it cannot be deleted
     */
    public void discard() throws InstanceException {
        discarded = true;
        try {
            Files.deleteIfExists(closedFile);
        } catch (IOException e) {
            throw new InstanceException(closedFile + " cannot be deleted (" + e + "): delete it", e);
        }
        List<Path> tasks = tasks();
        if (!tasks.isEmpty()) {
            LOG.info(
                    "the state of {} in {} is deleted, and restored from its changelogs whole",
                    applications,
                    directory);
            delete(tasks);
        }
    }

    /** Where Kafka Streams keeps it. */
    public Path directory() {
        return directory;
    }

    /** Notes that all of it was up to date and has been closed in order. */
    public void closed() throws IOException {
        if (discarded) {
            return;
        }
        // Whole or not at all, as the id.
        Path written = closedFile.resolveSibling(closedFile.getFileName() + ".new");
        Files.writeString(written, wall.instant() + "\n");
        try {
            Files.move(written, closedFile, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(written, closedFile, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private @Nullable String whyTooOld() {
        Instant now = wall.instant();
        Optional<Instant> closed = closedAt();
        if (closed.isEmpty()) {
            return "was never closed in order";
        }
        Duration age = Duration.between(closed.get(), now);
        if (age.compareTo(oldest) > 0) {
            return "was last closed in order at " + closed.get() + ", more than " + oldest + " ago";
        }
        // The clock was or is wrong, so the age is anything.
        return age.plus(CLOCK_SLACK).isNegative()
                ? "was last closed in order at " + closed.get() + ", which lies in the future"
                : null;
    }

    private Optional<Instant> closedAt() {
        try {
            return Optional.of(Instant.parse(Files.readString(closedFile).strip()));
        } catch (IOException | DateTimeParseException none) {
            return Optional.empty();
        }
    }

    private void delete(List<Path> tasks) throws InstanceException {
        try {
            for (Path task : tasks) {
                try (Stream<Path> tree = Files.walk(task)) {
                    for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(path);
                    }
                }
            }
        } catch (IOException | UncheckedIOException e) {
            throw new InstanceException(
                    "the state of " + applications + " in " + directory + " is too old and cannot be deleted (" + e
                            + "): delete it",
                    e);
        }
    }

    /**
     * The directories of the applications' tasks. The files beside them stay: by the id that Kafka Streams keeps there a
     * transaction that a killed process left open ends at once.
     */
    private List<Path> tasks() throws InstanceException {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> found = Files.find(directory, 2, (path, attributes) -> attributes.isDirectory())) {
            int depth = directory.getNameCount() + 2;
            return found.filter(path -> path.getNameCount() == depth)
                    .filter(path ->
                            applications.contains(path.getName(depth - 2).toString()))
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw new InstanceException("the state in " + directory + " cannot be read (" + e + ")", e);
        }
    }
}
