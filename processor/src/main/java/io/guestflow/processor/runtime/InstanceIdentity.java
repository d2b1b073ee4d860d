package io.guestflow.processor.runtime;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Who this instance is to Kafka's groups, and its claim on the state directory. As long as it is open, no other process can
 * open the same directory: two would destroy each other's stores, and fence each other out of the groups in turns.
 */
public final class InstanceIdentity implements AutoCloseable {
    private static final String ID_FILE = "instance-id";
    private static final String LOCK_FILE = ".lock";
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private final Path stateDir;
    private final String id;
    private final FileChannel lock;

    private InstanceIdentity(Path stateDir, String id, FileChannel lock) {
        this.stateDir = stateDir;
        this.id = id;
        this.lock = lock;
    }

    /**
     * Claims the directory, which is made if it does not exist, for its owner alone.
     *
     * @param configuredId the id to take; without one, the id kept in the directory, which is made up on first use
     * @throws InstanceException if another process has the directory, or it cannot be used
     */
    public static InstanceIdentity claim(Path stateDir, Optional<String> configuredId) throws InstanceException {
        Path directory = stateDir.toAbsolutePath().normalize();
        try {
            createDirectories(directory);
            FileChannel lock = lock(directory);
            try {
                String id = configuredId.isPresent() ? configuredId.get() : keptId(directory);
                return new InstanceIdentity(directory, id, lock);
            } catch (IOException | InstanceException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new InstanceException(
                    "the state directory " + directory + " cannot be used (" + e
                            + "): set GUESTFLOW_STATE_DIR to a directory that this user may write",
                    e);
        }
    }

    /** The name of this instance in Kafka's groups; the same after every restart with the same directory. */
    public String id() {
        return id;
    }

    /** The directory, absolute. */
    public Path stateDir() {
        return stateDir;
    }

    /** Lets another process have the directory. */
    @Override
    public void close() throws IOException {
        lock.close();
    }

    private static void createDirectories(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        // Stores hold guest ids.
        FileAttribute<?>[] ownerOnly =
                directory.getFileSystem().supportedFileAttributeViews().contains("posix")
                        ? new FileAttribute<?>[] {
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                        }
                        : new FileAttribute<?>[0];
        Files.createDirectories(directory, ownerOnly);
    }

    private static FileChannel lock(Path directory) throws IOException, InstanceException {
        FileChannel channel =
                FileChannel.open(directory.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw inUse(directory, e);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        throw inUse(directory, null);
    }

    private static InstanceException inUse(Path directory, @org.jspecify.annotations.Nullable Throwable cause) {
        return new InstanceException(
                "another process uses the state directory " + directory
                        + ": stop it, or set GUESTFLOW_STATE_DIR to a directory of this process alone",
                cause);
    }

    private static String keptId(Path directory) throws IOException, InstanceException {
        Path file = directory.resolve(ID_FILE);
        if (!Files.exists(file)) {
            String id = UUID.randomUUID().toString();
            // Whole or not at all: half an id would be another one after the next start.
            Path written = directory.resolve(ID_FILE + ".new");
            Files.writeString(written, id + "\n");
            try {
                Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(written, file);
            }
            return id;
        }
        String id = Files.readString(file).strip();
        if (!ID.matcher(id).matches()) {
            throw new InstanceException(
                    file + " holds no instance id: delete the file, or set GUESTFLOW_INSTANCE_ID", null);
        }
        return id;
    }
}
